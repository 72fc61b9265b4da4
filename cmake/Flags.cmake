# One place for compiler and linker flags. Floating point stays strict everywhere: no -ffast-math, no FMA
# contraction, because scores and folds must be the same bits under gcc and clang.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1 -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_DEV "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_options(-Wall -Wextra -Wpedantic -Wno-missing-field-initializers -ffp-contract=off)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
  add_compile_options(-march=x86-64-v2)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives of these inside the standard library at -O2.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()

if(RAPPORT_SANITIZE)
  add_compile_options(-fsanitize=${RAPPORT_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RAPPORT_SANITIZE})
  string(REPLACE "," "_" _name "${RAPPORT_SANITIZE}")
  add_compile_definitions(RAPPORT_SANITIZED=1)
  if(RAPPORT_SANITIZE MATCHES "thread")
    add_compile_definitions(RAPPORT_TSAN=1)
  endif()
endif()
if(RAPPORT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers need this sloppiness; the base folder lets several work trees share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_NOHASHDIR=true
                                  CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
find_program(MOLD mold)
if(MOLD AND NOT RAPPORT_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()
