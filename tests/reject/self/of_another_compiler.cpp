// harness: accepts
// expect-another-compiler: no output
int fine();
