// asio_apart: the sentence for who bridges to Asio in a file that sees none of it.
#pragma once

#include "viceroy/actor/sentences.hpp"

namespace viceroy {

template <class App>
class runtime;

// With separate compilation viceroy.hpp brings no Asio, unless the file has included some of it before: these
// are then all that the names spawn, use and io_context_of mean. The real ones are more specialised.
struct a_file_that_bridges_to_asio_includes_viceroy_bootstrap_asio_hpp;

template <class App, class Sentence = a_file_that_bridges_to_asio_includes_viceroy_bootstrap_asio_hpp,
          class... What>
detail::stop_here spawn(runtime<App>&, What&&...) = delete;
template <class App, class Sentence = a_file_that_bridges_to_asio_includes_viceroy_bootstrap_asio_hpp,
          class... What>
detail::stop_here use(runtime<App>&, What&&...) = delete;

}  // namespace viceroy
