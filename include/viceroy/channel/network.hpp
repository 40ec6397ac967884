// network: a loop's links: serves addresses, dials them, and writes what all links have to send.
#pragma once

#include <string>
#include <utility>

#include "viceroy/base/series.hpp"
#include "viceroy/channel/identity.hpp"
#include "viceroy/channel/link.hpp"
#include "viceroy/channel/listener.hpp"

namespace viceroy {

// One per loop. The loop is the thread's executor and runs the io_context, calls poll() while it is busy, and
// flush() at the end of each turn: no message leaves before that. Order: link_events hears only from the loop
// and from poll(), never from within another call. Threads: the loop's; nothing here posts from another, so
// the io_context may be made unsafe.
class network {
 public:
  network(boost::asio::io_context& io, identity self, link_events& events)
      : pool_(make_counted<link_pool>(io, std::move(self), events)) {}
  network(const network&) = delete;
  network& operator=(const network&) = delete;

  // Stops: at once and silently; links that others still hold are closed.
  ~network() {
    pool_->events = nullptr;
    for (const auto& each : listeners_) each->stop();
    const auto links = taken(pool_->links);
    for (const auto& road : links) road->abandon();
    pool_->dirty.clear();
    pool_->hot.clear();
  }

  // Serves an address of its own choice: an abstract name of 128 random bits, or a port of 127.0.0.1.
  // Errors: system, with errno's text; refused for tcp without a mesh key; not_here for what has no sockets.
  address serve(transport over) {
    if (over == transport::unix_domain) return serve(address::random_unix());
    if (over == transport::tcp) return serve(address::tcp("127.0.0.1", 0));
    throw error(errc::not_here,
                "nothing can be served over " + std::string(text(over)) + ": it has no sockets");
  }

  // Serves that address. Returns: it, with the port that was chosen. Errors: as above.
  address serve(const address& where) {
    if (where.transport() == transport::tcp && !pool_->self.key)
      throw error(errc::refused,
                  "this process has no mesh key, so it cannot serve " + std::string(where.text()));
    auto made = make_counted<listener>(pool_, where);
    made->start();
    pool_->served.push_back(made->where());
    listeners_.push_back(std::move(made));
    return listeners_.back()->where();
  }

  // Accepts nothing more there; links that came from it stay.
  void stop_serving(address where) {
    pool_->served.erase(where);
    listeners_.erase_if([&](const shared<listener>& each) {
      if (each->where() != where) return false;
      each->stop();
      return true;
    });
  }
  const series<address>& served() const noexcept { return pool_->served; }

  // Returns a link at once, still connecting; messages may be posted to it. If it fails they come back
  // through link_events::returned, and the cause through closed.
  shared<link> dial(const address& where) {
    auto made = make_counted<stream_link>(pool_, session::side::dialler, where.transport(),
                                          std::string(where.text()));
    made->start(where);
    return made;
  }

  // Returns: a link that leads to the process that serves `where`, dialled or accepted; null for none.
  link* find(const address& where) const {
    for (const auto& road : pool_->links) {
      if (!road->connected()) continue;
      for (const address& served : road->peer())
        if (served == where) return road.get();
    }
    return nullptr;
  }

  // Sends what has been posted since the last call. Cost: the links that have something; one system call
  // each.
  void flush() {
    auto marked = taken(pool_->dirty);
    for (stream_link* each : marked) each->flush_marked();
    if (!pool_->dirty.empty()) return;
    marked.clear();
    pool_->dirty = std::move(marked);  // keeps its memory
  }

  // Reads without waiting from the links that were heard from lately. Returns: whether any had something.
  // Cost: one system call for each, at most eight.
  bool poll() {
    if (pool_->reading) return false;
    const auto pool = pool_;
    bool any = false;
    for (std::size_t i = 0; i < hot_links<stream_link>::most && pool->events != nullptr; ++i) {
      any |= pool->hot.poll(i, [](stream_link& road) {
        const auto alive = shared<stream_link>::of(road);
        return road.read_once();
      });
    }
    return any;
  }

  // Serves nothing more and closes every link: what was posted still leaves, within limits::drain.
  void close_all(const std::string& reason) {
    for (const auto& each : listeners_) each->stop();
    listeners_.clear();
    pool_->served.clear();
    const auto links = pool_->links;
    for (const auto& road : links) road->close(reason);
  }

  // Says whether no link has anything left to send, and none is being made or closed.
  bool idle() const {
    for (const auto& road : pool_->links)
      if (!road->settled()) return false;
    return true;
  }

 private:
  shared<link_pool> pool_;
  series<shared<listener>> listeners_;
};

}  // namespace viceroy
