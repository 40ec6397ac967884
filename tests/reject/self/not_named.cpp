// harness: the output does not name not_named.cpp:6
// expect: wrong
int main() {
#ifdef REJECT
  wrong();
  return 0;  // reject-from
#endif
}
