"""The one way in which a fuzzer is declared."""

load("//tests:defs.bzl", "viasync_test")

def fuzz_corpus_test(name, deps, **kwargs):
    """NAME.cc with its LLVMFuzzerTestOneInput, over the kept inputs in corpus/NAME.

    NAME_test runs with every compiler and in every test run: all of the corpus, then seconds of
    inputs near it, the same ones in every run. NAME is for clang, and minutes:
    ./bazelw run --config=fuzz //tests/fuzz:NAME

    Args:
      name: of the fuzzer and of its source.
      deps: what it calls.
      **kwargs: for the test.
    """
    corpus = native.glob(["corpus/" + name + "/*"])
    folder = native.package_name() + "/corpus/" + name
    native.cc_library(
        name = name + "_target",
        testonly = True,
        srcs = [name + ".cc"],
        deps = deps,
        alwayslink = True,
    )
    native.cc_binary(
        name = name,
        testonly = True,
        args = ["-max_total_time=300", "-max_len=65536", "-timeout=10", folder],
        data = corpus,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = [":" + name + "_target"],
    )
    viasync_test(
        name = name + "_test",
        srcs = [],
        data = corpus,
        env = {"FUZZ_CORPUS": folder},
        deps = [
            ":" + name + "_target",
            "//tests/fuzz:corpus_driver",
        ],
        **kwargs
    )
