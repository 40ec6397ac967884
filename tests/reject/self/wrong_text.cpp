// harness: does not match 'a sentence nobody printed'
// expect: a sentence nobody printed
int main() {
#ifdef REJECT
  wrong();  // reject-here
#endif
}
