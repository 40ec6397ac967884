// harness: does not take it in silence
// expect-another-compiler: no output
#ifdef REJECT
int f() { return nothing; }
#endif
