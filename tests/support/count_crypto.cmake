# count_crypto.cmake - link a program with count_crypto.c.
function(icecat_count_crypto target)
  target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/count_crypto.c)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_link_libraries(${target} PRIVATE PkgConfig::CRYPTO)
  foreach(name malloc realloc calloc SHA256_Init SHA256_Update SHA256_Final)
    target_link_options(${target} PRIVATE -Wl,--wrap=${name})
  endforeach()
endfunction()
