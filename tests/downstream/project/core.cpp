#include <viceroy/src.hpp>
