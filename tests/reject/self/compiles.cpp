// harness: the rejected build compiles
// expect: anything
int main() {}
