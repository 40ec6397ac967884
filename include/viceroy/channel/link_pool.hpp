// link_pool: what the links of one network share: its loop, its buffer, and who has something to send or to
// hear.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "viceroy/base/series.hpp"
#include "viceroy/base/shared.hpp"
#include "viceroy/channel/hot_links.hpp"
#include "viceroy/channel/identity.hpp"
#include "viceroy/channel/inbox.hpp"
#include "viceroy/channel/link.hpp"

namespace viceroy {

class stream_link;

// Lives as long as the network or a link of it; without the network, `events` is null and nothing happens any
// more.
struct link_pool : counted {
  // Both stand where it is known what a link is: stream.hpp.
  link_pool(boost::asio::io_context& loop, identity who, link_events& owner);
  ~link_pool();

  void notice(const std::string& sentence) const {
    if (self.notice) return self.notice(sentence);
    std::fprintf(stderr, "viceroy: %s\n", sentence.c_str());
  }

  boost::asio::io_context& io;
  const identity self;
  link_events* events;
  series<address> served;
  read_buffer buffer;
  series<shared<stream_link>> links;
  series<stream_link*> dirty;  // have posted since the last flush
  hot_links<stream_link> hot;
  std::size_t half_open = 0;  // accepted, not yet proved
  bool reading = false;       // the buffer is in use
};

// While frames in the pool's buffer are being delivered, nobody else may read into it.
class reading_scope {
 public:
  explicit reading_scope(link_pool& pool) noexcept : pool_(pool) { pool_.reading = true; }
  ~reading_scope() { pool_.reading = false; }
  reading_scope(const reading_scope&) = delete;
  reading_scope& operator=(const reading_scope&) = delete;

 private:
  link_pool& pool_;
};

}  // namespace viceroy
