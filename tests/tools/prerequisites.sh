# prerequisites.sh: what building Viceroy needs; sourced by examples/run, tests/run and .ci/run.
# viceroy_require TOOL... returns at once, touching nothing, if all is there. Otherwise it installs what is missing on Debian 12
# as root, and never removes a package; anywhere else it names what is missing or in the way, with the command to run, and exits 2.

viceroy_tools=(g++ boost doctest meson ninja pkg-config)

viceroy_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The value that a preprocessed expression has, asked of the compiler so that its search path counts.
viceroy_preprocess() {
  printf '%s\n' "$@" | g++ ${BOOST_ROOT:+-I"$BOOST_ROOT/include" -I"$BOOST_ROOT"} -E -P -x c++ - 2>/dev/null | tail -n 1
}

viceroy_has() {
  case $1 in
    g++) command -v g++ >/dev/null && viceroy_at_least "$(g++ -dumpfullversion -dumpversion)" 12 ;;
    boost) command -v g++ >/dev/null && viceroy_at_least "$(viceroy_preprocess '#include <boost/version.hpp>' BOOST_VERSION)" 108100 ;;
    doctest) command -v g++ >/dev/null && [ "$(viceroy_preprocess '#include <doctest/doctest.h>' 'DOCTEST_VERSION_MAJOR' )" = 2 ] ;;
    meson) command -v meson >/dev/null && viceroy_at_least "$(meson --version)" 1.0.0 ;;
    ninja) command -v ninja >/dev/null || command -v ninja-build >/dev/null ;;
    pkg-config) command -v pkg-config >/dev/null ;;
    clang) command -v clang++-19 >/dev/null ;;
    caf) [ -f /usr/include/caf/all.hpp ] ;;
    valgrind) command -v valgrind >/dev/null ;;
    gnuplot) command -v gnuplot >/dev/null ;;
    clang-runtime) compgen -G '/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.asan-*.a' >/dev/null ;;
  esac
}

# What a tool is called for a person, and its package on Debian 12.
viceroy_name() {
  case $1 in
    g++) echo 'g++ 12 or later|g++' ;;
    boost) echo 'the headers of Boost 1.81 or later|libboost1.81-dev' ;;
    doctest) echo 'the headers of doctest 2|doctest-dev' ;;
    meson) echo 'Meson 1.0 or later|meson' ;;
    ninja) echo 'Ninja|ninja-build' ;;
    pkg-config) echo 'pkg-config|pkg-config' ;;
    clang) echo 'clang++ 19|clang-19' ;;
    caf) echo 'CAF 0.17|libcaf-dev' ;;
    valgrind) echo 'Valgrind|valgrind' ;;
    gnuplot) echo 'gnuplot|gnuplot-nox' ;;
    clang-runtime) echo 'the sanitizers of clang 19|libclang-rt-19-dev' ;;
  esac
}

viceroy_require() {
  local tool missing=() names=() packages=() remedy removed
  for tool in "$@"; do
    if ! viceroy_has "$tool"; then
      missing+=("$tool")
      names+=("$(viceroy_name "$tool" | cut -d '|' -f 1)")
      packages+=("$(viceroy_name "$tool" | cut -d '|' -f 2)")
    fi
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  printf 'missing: %s\n' "${names[@]}" >&2

  remedy="apt-get update && apt-get install --no-remove --no-install-recommends ${packages[*]}"
  if ! (. "${VICEROY_OS_RELEASE:-/etc/os-release}" && [ "$ID $VERSION_ID" = 'debian 12' ]) 2>/dev/null || ! command -v apt-get >/dev/null; then
    printf 'This is not Debian 12: install these with the means of this system, then run the same command again.\n' >&2
    printf '(On Debian 12 it would be: %s)\n' "$remedy" >&2
    exit 2
  fi
  export DEBIAN_FRONTEND=noninteractive
  if [ "$(id -u)" -eq 0 ]; then
    apt-get update -q >/dev/null || printf 'apt-get update failed; trying with the package lists that are here\n' >&2
  fi
  # A trial (-s) changes nothing and needs no root: it tells what an installation would throw out.
  removed=$(apt-get -s install --no-install-recommends "${packages[@]}" 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' ')
  if [ -n "$removed" ]; then
    printf 'in the way: %s\nInstalling %s would remove that, so nothing was changed. If you can do without it, as root:\n  apt-get install %s\n' \
      "$removed" "${packages[*]}" "${packages[*]}" >&2
    exit 2
  fi
  if [ "$(id -u)" -ne 0 ]; then
    printf 'Installing needs root. Run this, then the same command again:\n  sudo sh -c "%s"\n' "$remedy" >&2
    exit 2
  fi

  printf 'installing: %s\n' "${packages[*]}" >&2
  if ! apt-get install -q -y --no-remove --no-install-recommends "${packages[@]}" >&2 </dev/null; then
    printf 'The installation failed (see above). Once that is mended, run:\n  %s\n' "$remedy" >&2
    exit 2
  fi
  for tool in "${missing[@]}"; do
    if ! viceroy_has "$tool"; then
      printf '%s is installed and still not found: another one stands before it in PATH or in the search path of g++\n' \
        "$(viceroy_name "$tool" | cut -d '|' -f 1)" >&2
      exit 2
    fi
  done
}
