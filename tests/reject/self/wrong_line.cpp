// harness: the first error stands at .*wrong_line.cpp:5, not at wrong_line.cpp:6
// expect: wrong
int main() {
#ifdef REJECT
  wrong();
  return 0;  // reject-here
#endif
}
