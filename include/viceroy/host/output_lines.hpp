// output_lines: the last lines that a process wrote, for its obituary.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/fifo.hpp"
#include "viceroy/base/limits.hpp"
#include "viceroy/base/shared.hpp"

namespace viceroy {

// Keeps the last limit::output_lines lines of a stream of bytes, each cut at limit::output_line_bytes.
// Cost: at most lines × bytes of memory, whatever is appended.
class output_lines : public counted {
 public:
  // One stream's unfinished line; two streams of one process interleave by lines, not within them.
  struct stream {
    std::string partial;
    bool cut = false;
  };

  void append(stream& from, std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view piece = bytes.substr(0, end);
      const std::size_t room = limit::output_line_bytes - from.partial.size();
      from.partial.append(piece.substr(0, room));
      from.cut = from.cut || piece.size() > room;
      if (end == std::string_view::npos) return;
      finish_line(from);
      bytes.remove_prefix(end + 1);
    }
  }

  // Counts an unfinished line as a line: the stream has ended.
  void finish(stream& from) {
    if (!from.partial.empty()) finish_line(from);
  }

  std::vector<std::string> last() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i != lines_.size(); ++i) all.push_back(lines_[i]);
    return all;
  }

 private:
  void finish_line(stream& from) {
    if (!from.partial.empty() && from.partial.back() == '\r') from.partial.pop_back();
    if (from.cut) from.partial += " [cut]";
    if (lines_.size() == limit::output_lines) lines_.pop();
    lines_.push(std::move(from.partial));
    from.partial.clear();
    from.cut = false;
  }

  fifo<std::string> lines_;
};

}  // namespace viceroy
