// harness: accepts
// expect: wrong
// expect-g++: was not declared
// expect-clang: use of undeclared identifier
int main() {
#ifdef REJECT
  wrong();  // reject-here
#endif
}
