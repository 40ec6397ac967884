// harness: the control build is not silent
// expect: wrong
int main() {
  int unused;
#ifdef REJECT
  wrong();  // reject-here
#endif
}
