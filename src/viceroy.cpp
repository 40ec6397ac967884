// The core, compiled once: what -Dseparate_compilation=true builds and what a program may do itself in a file of its own.
#include <viceroy/src.hpp>
