# Debian packages, split as Debian does: libicecat0, libicecat-dev, icecat-tools, icecat-local, python3-icecat.
# "cmake --preset packages && cmake --build --preset packages --target package". icecat-local is one of its own,
# because of what its detector brings along.
set(ICECAT_PYTHON "python3" CACHE STRING "Python with pip, setuptools, wheel and cffi; empty: no python3-icecat")
set(ICECAT_MAINTAINER "The libicecat authors <libicecat@localhost>" CACHE STRING "Maintainer of the packages")
set(icecat_debian_dir ${PROJECT_BINARY_DIR}/debian)
set(icecat_debian_version ${PROJECT_VERSION}-1)
set(runtime libicecat${PROJECT_VERSION_MAJOR})

# ---- what is in them beside the installed files ----------------------------------------------
string(TIMESTAMP stamp "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${icecat_debian_dir}/changelog
"icecat (${icecat_debian_version}) unstable; urgency=medium

  * New upstream release; what is new is in changelog.gz.

 -- ${ICECAT_MAINTAINER}  ${stamp}
")
file(COPY_FILE ${PROJECT_SOURCE_DIR}/tests/abi/libicecat.symbols ${icecat_debian_dir}/symbols ONLY_IF_DIFFERENT)
file(WRITE ${icecat_debian_dir}/triggers "activate-noawait ldconfig\n")
file(WRITE ${icecat_debian_dir}/postinst
     "#!/bin/sh\nset -e\nif command -v py3compile >/dev/null; then\n  py3compile -p python3-icecat\nfi\n")
file(WRITE ${icecat_debian_dir}/prerm
     "#!/bin/sh\nset -e\nif command -v py3clean >/dev/null; then\n  py3clean -p python3-icecat\nfi\n")
file(CHMOD ${icecat_debian_dir}/postinst ${icecat_debian_dir}/prerm
     PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

if(ICECAT_PYTHON)
  set(python_root ${PROJECT_BINARY_DIR}/python-package)
  file(GLOB_RECURSE python_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bindings/python/*.py)
  add_custom_command(OUTPUT ${python_root}/stamp
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/debian/python.sh ${ICECAT_PYTHON} ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
            ${python_root}
    COMMAND ${CMAKE_COMMAND} -E touch ${python_root}/stamp
    DEPENDS icecat icecat_static icecat_man3 ${python_sources} debian/python.sh VERBATIM)
  add_custom_target(icecat_python ALL DEPENDS ${python_root}/stamp)
  install(DIRECTORY ${python_root}/root/ DESTINATION lib/python3/dist-packages COMPONENT python
          PATTERN "__pycache__" EXCLUDE)
endif()

set(components runtime development tools local)
set(packages ${runtime} libicecat-dev icecat-tools icecat-local)
if(ICECAT_PYTHON)
  list(APPEND components python)
  list(APPEND packages python3-icecat)
endif()
foreach(component icecat_package IN ZIP_LISTS components packages)
  set(icecat_overrides "")
  if(component STREQUAL "runtime")
    set(icecat_overrides "${icecat_package}: maintscript-calls-ldconfig *\\n")
  endif()
  configure_file(debian/finish.cmake ${icecat_debian_dir}/finish-${component}.cmake @ONLY)
  install(SCRIPT ${icecat_debian_dir}/finish-${component}.cmake COMPONENT ${component})
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${icecat_package})
endforeach()

# ---- what they say of themselves -----------------------------------------------------------
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME icecat)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SOURCE icecat)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${ICECAT_MAINTAINER})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY >=)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each has its own
set(about "libicecat answers one question for other programs: is there a cat in this
picture? It checks the image's header, uploads it to Amazon S3 (SigV4), and
reads the verdict that Amazon Rekognition gave.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "cat detection on AWS: C library\n${about}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${icecat_debian_dir}/symbols ${icecat_debian_dir}/triggers)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS ca-certificates)

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "cat detection on AWS: development files\n${about}\n
This package has the headers, the static library, what pkg-config and CMake
need, and the manual pages of the functions.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${runtime} (= ${icecat_debian_version}), libcurl4-openssl-dev | libcurl-dev,\
 libssl-dev (>= 3.0), libcjson-dev (>= 1.7.15), libpng-dev, libjpeg-dev")

set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_TOOLS_DESCRIPTION "cat detection on AWS: the icecat command\n${about}\n
This package has the command that submits folders of pictures, waits for the
verdicts and writes reports.")
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${runtime} (= ${icecat_debian_version})")
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS icecat-local)

set(CPACK_DEBIAN_LOCAL_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_LOCAL_DESCRIPTION "cat detection on AWS: the services on one machine\n${about}\n
This package has icecat-local, which is S3, DynamoDB, Rekognition, SSM and the
Lambda runtime on one machine, for trying and for tests, and the function.")
set(CPACK_DEBIAN_LOCAL_PACKAGE_DEPENDS opencv-data)
set(CPACK_DEBIAN_LOCAL_PACKAGE_SUGGESTS icecat-tools)

set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON_DESCRIPTION "cat detection on AWS: Python package\n${about}\n
This package has the module icecat for Python 3.")
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
    "${runtime} (>= ${PROJECT_VERSION}), python3 (>= 3.9), python3-cffi-backend (>= 1.15)")
set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA ${icecat_debian_dir}/postinst ${icecat_debian_dir}/prerm)
include(CPack)
