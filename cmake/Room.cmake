# rapport_room(name MAY_USE room... PRIVATE_LIBS lib... PUBLIC_LIBS lib...)
#
# One folder under src/ = one static library `rapport_<name>`. Sources are found by pattern, so a new file needs
# no edit here: *.cc are the room, *_test.cc its tests (one GoogleTest program `<name>_test`), *_bench.cc its
# Google Benchmark drivers (one program `<name>_bench`). The rooms it may use must agree with the table of
# docs/ARCHITECTURE.md; tools/check_layers.py holds the includes to that table.
function(rapport_room name)
  cmake_parse_arguments(ROOM "" "" "MAY_USE;PRIVATE_LIBS;PUBLIC_LIBS;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(benches ${all})
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")

  if(sources)
    add_library(rapport_${name} STATIC ${sources})
    set(kind PUBLIC)
  else()
    add_library(rapport_${name} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(rapport_${name} ${kind} ${CMAKE_SOURCE_DIR}/src)
  foreach(used ${ROOM_MAY_USE})
    target_link_libraries(rapport_${name} ${kind} rapport_${used})
  endforeach()
  target_link_libraries(rapport_${name} ${kind} ${ROOM_PUBLIC_LIBS})
  if(sources)
    target_link_libraries(rapport_${name} PRIVATE ${ROOM_PRIVATE_LIBS})
    target_precompile_headers(rapport_${name} PRIVATE
      <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <string> <string_view> <unordered_map>
      <utility> <variant> <vector>)
  endif()

  if(RAPPORT_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE rapport_${name} ${ROOM_PRIVATE_LIBS} GTest::gtest GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE RAPPORT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_precompile_headers(${name}_test PRIVATE <gtest/gtest.h> <string> <vector>)
    add_test(NAME ${name}_test COMMAND ${name}_test)
    set_property(GLOBAL APPEND PROPERTY RAPPORT_TEST_PROGRAMS ${name}_test)
  endif()
  if(RAPPORT_BENCHES AND benches)
    add_executable(${name}_bench ${benches})
    target_link_libraries(${name}_bench PRIVATE rapport_${name} ${ROOM_PRIVATE_LIBS} benchmark::benchmark
                                                 benchmark::benchmark_main)
  endif()
endfunction()
