# One place for what every translation unit is compiled with. The Asio definitions change layouts,
# so they must be the same everywhere.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")

find_program(UTHAN_CCACHE ccache)
if(UTHAN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${UTHAN_CCACHE})
endif()

if(UTHAN_FUZZ)
  # The warnings are g++'s; clang only builds the fuzz targets.
  add_compile_options(-w -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
else()
  add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion
                      -Woverloaded-virtual -Werror)
  # g++ 12 sees overlapping copies inside std::string's operator+ at -O2 that are not there (GCC PR
  # 105651).
  add_compile_options(-Wno-restrict)
  # g++ 12 takes the operator delete of Asio's coroutine frames for another allocation's.
  add_compile_options(-Wno-mismatched-new-delete)
endif()
# Asio takes its frames and operations from aligned_alloc, which glibc serves without its per-thread
# cache, at several times malloc's price; nothing here is aligned beyond what operator new gives.
add_compile_definitions(BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                        BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16)
include_directories(${CMAKE_SOURCE_DIR})

if(CMAKE_UNITY_BUILD)
  # g++ takes the sources of a batch for headers, whose unnamed namespaces it would warn of.
  add_compile_options(-Wno-subobject-linkage)
endif()

if(UTHAN_SANITIZE)
  # Instrumented code makes g++ 12 see paths that are not there; the ordinary build holds the line.
  add_compile_options(-Wno-error)
  add_compile_options(-fsanitize=${UTHAN_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${UTHAN_SANITIZE})
  # g++ 12 reports uninitialised and null reads inside Asio coroutines that are not there.
  add_compile_options(-Wno-maybe-uninitialized -Wno-null-dereference)
  # A null pointer that is used and an object's end are ASan's too; UBSan's checks of every access for
  # them are a third of the compile time.
  if(UTHAN_SANITIZE MATCHES "address.*undefined")
    add_compile_options(-fno-sanitize=null,object-size)
  endif()
  # Asio's fences: g++ warns that TSan does not model them.
  if(UTHAN_SANITIZE STREQUAL "thread")
    add_compile_options(-Wno-tsan)
  endif()
endif()
