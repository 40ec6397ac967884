// harness: the output has \d+ lines, more than 3
// expect: no_such_function
// max-lines-g++: 3
// max-lines-clang: 3
#ifdef REJECT
template <class T>
void deep(T value) {
  no_such_function(value);  // reject-here
}
template <class T>
void deeper(T value) {
  deep(value);
}
#endif
int main() {
#ifdef REJECT
  deeper(1);
#endif
}
