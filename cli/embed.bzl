"""Files that the binary carries along."""

def embed_files(name, srcs, root, function):
    """NAME.cc: the files below `root` as cli::FUNCTION() (embedded.h), by their path in there."""
    native.genrule(
        name = name,
        srcs = srcs,
        outs = [name + ".cc"],
        cmd = """{
          echo '#include "cli/embedded.h"'
          echo 'namespace viasync::cli {'
          echo 'namespace {'
          echo 'constexpr EmbeddedFile kFiles[] = {'
          for file in $(SRCS); do
            printf '{"%%s", R"EMBEDDED(' "$${file#%s/}"
            cat "$$file"
            echo ')EMBEDDED"},'
          done
          echo '};'
          echo '}  // namespace'
          echo 'std::span<const EmbeddedFile> %s() { return kFiles; }'
          echo '}  // namespace viasync::cli'
        } > $@""" % (root, function),
    )
