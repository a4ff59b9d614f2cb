#include <unistd.h>

#include <iostream>

#include "routerd/ctl/run.h"

int main(int argc, char** argv) {
  const routerd::ctl::Streams streams{std::cout, std::cerr, isatty(STDOUT_FILENO) == 1};
  return static_cast<int>(routerd::ctl::Run(argc, argv, streams));
}
