# The parts Rapport stands on. Which room may touch which is the last column of the table in
# docs/ARCHITECTURE.md; why each was chosen is in docs/decisions/.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json system)
find_package(Eigen3 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
find_package(roaring REQUIRED)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET minizip)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)
find_package(RocksDB REQUIRED)
pkg_check_modules(TCMALLOC REQUIRED IMPORTED_TARGET libtcmalloc_minimal)
find_library(XLSXWRITER_LIBRARY xlsxwriter REQUIRED)
if(RAPPORT_TESTS)
  find_package(GTest REQUIRED)
endif()
if(RAPPORT_BENCHES)
  find_package(benchmark REQUIRED)
endif()

add_library(rapport_eigen INTERFACE)
target_link_libraries(rapport_eigen INTERFACE Eigen3::Eigen)
target_compile_definitions(rapport_eigen INTERFACE EIGEN_MPL2_ONLY EIGEN_DONT_PARALLELIZE)

# Header-only Boost parts (Asio, Beast, Math); Boost::json is a library.
add_library(rapport_boost INTERFACE)
target_link_libraries(rapport_boost INTERFACE Boost::headers)

# DuckDB: a system library wins; otherwise the shared library that tools/fetch_duckdb.sh put beside the builds.
find_library(DUCKDB_LIBRARY duckdb HINTS ${CMAKE_SOURCE_DIR}/build/third_party/duckdb/lib)
find_path(DUCKDB_INCLUDE duckdb.h HINTS ${CMAKE_SOURCE_DIR}/build/third_party/duckdb/include)
if(NOT DUCKDB_LIBRARY OR NOT DUCKDB_INCLUDE)
  message(FATAL_ERROR "DuckDB is missing: run `make deps` (tools/fetch_duckdb.sh) first")
endif()
add_library(rapport_duckdb SHARED IMPORTED)
set_target_properties(rapport_duckdb PROPERTIES IMPORTED_LOCATION ${DUCKDB_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE})
if(DUCKDB_LIBRARY MATCHES "^${CMAKE_SOURCE_DIR}")
  # `rapport` finds the library beside itself (lib/) wherever the folder is moved.
  set(CMAKE_BUILD_RPATH "${CMAKE_SOURCE_DIR}/build/third_party/duckdb/lib")
  set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib")
endif()
