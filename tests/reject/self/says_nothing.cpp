// harness: says no '// expect
int main() {
#ifdef REJECT
  wrong();  // reject-here
#endif
}
