// harness: accepts
// expect: sentence_that_names_the_cure
// max-lines-g++: 6
// max-lines-clang: 8
struct sentence_that_names_the_cure;
int main() {
#ifdef REJECT
  sentence_that_names_the_cure wrong;  // reject-here
#endif
}
