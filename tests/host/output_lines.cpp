#include "viceroy/host/output_lines.hpp"

#include <doctest/doctest.h>

#include <string>

using viceroy::output_lines;
using words = std::vector<std::string>;
namespace limit = viceroy::limit;

TEST_CASE("lines are kept whole, however their bytes arrive") {
  output_lines lines;
  output_lines::stream stream;
  lines.append(stream, "on");
  CHECK(lines.last().empty());
  lines.append(stream, "e\ntwo\r\n\nfo");
  CHECK(lines.last() == words{"one", "two", ""});
  lines.finish(stream);
  lines.finish(stream);
  CHECK(lines.last() == words{"one", "two", "", "fo"});
}

TEST_CASE("two streams of one process do not mix within a line") {
  output_lines lines;
  output_lines::stream out, err;
  lines.append(out, "a");
  lines.append(err, "x\n");
  lines.append(out, "b\n");
  CHECK(lines.last() == words{"x", "ab"});
}

TEST_CASE("only the last lines are kept, and of a long line only the front") {
  output_lines lines;
  output_lines::stream stream;
  for (std::size_t i = 0; i < limit::output_lines + 5; ++i) lines.append(stream, std::to_string(i) + "\n");
  CHECK(lines.last().size() == limit::output_lines);
  CHECK(lines.last().front() == "5");
  for (int i = 0; i < 3; ++i) lines.append(stream, std::string(limit::output_line_bytes, 'x'));
  lines.append(stream, "\nshort\n");
  CHECK(lines.last().back() == "short");
  CHECK(lines.last()[limit::output_lines - 2] == std::string(limit::output_line_bytes, 'x') + " [cut]");
}
