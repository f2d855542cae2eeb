// write_man_pages DIR TOOL DATE: writes the man pages of every command into DIR. For the packages
// alone; it is not part of viasync.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/commands.h"
#include "cli/package/man_pages.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: write_man_pages DIR TOOL DATE\n";
    return 1;
  }
  const std::filesystem::path folder = argv[1];
  const viasync::cli::Program program;
  for (const auto& page : viasync::package::ManPages(program.args, argv[2], argv[3])) {
    std::ofstream file(folder / page.name, std::ios::binary);
    file << page.text;
    if (!file.flush()) {
      std::cerr << "write_man_pages: cannot write " << (folder / page.name).string() << "\n";
      return 1;
    }
  }
  return 0;
}
