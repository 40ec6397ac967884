// greeter: what this project uses of Viceroy; a second file, so that two of them share every definition.
#pragma once
#include <string>

std::string greeting();
