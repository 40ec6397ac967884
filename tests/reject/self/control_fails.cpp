// harness: the control build fails
// expect: typo
int main() { typo(); }
