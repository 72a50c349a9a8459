# Bytes as text, digests and dates: what several parts of icecat-local need and none owns.
add_library(icecat_local_base STATIC dates.c digest.c encoding.c)
target_include_directories(icecat_local_base PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat_local_base PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_local_base PRIVATE icecat_flags PUBLIC PkgConfig::CRYPTO)
