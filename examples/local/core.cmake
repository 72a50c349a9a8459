# icecat-local itself: the command line, the store, the server, and what has no library of its own.
add_library(icecat_local_core STATIC
  dispatch.c exchange.c faults.c init.c json_service.c keys.c names.c pool.c refusal.c rekognition.c
  rekognition_input.c server.c server_request.c settings.c settings_help.c
  ssm.c ssm_store.c stack.c status.c store.c)
target_include_directories(icecat_local_core PUBLIC ${CMAKE_CURRENT_LIST_DIR}
                           PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(icecat_local_core PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_local_core PRIVATE icecat_flags
  PUBLIC icecat_static icecat_local_trigger icecat_local_s3 icecat_local_auth icecat_local_base icecat_local_http icecat_dynamodb icecat_eye
         PkgConfig::EVENT PkgConfig::SQLITE PkgConfig::CJSON PkgConfig::CRYPTO Threads::Threads)

add_executable(icecat-local main.c)
target_include_directories(icecat-local PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat-local PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat-local PRIVATE icecat_flags icecat_local_core icecat_static)
