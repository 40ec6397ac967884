// The main of every test binary that needs no child processes; tests/system has its own.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
