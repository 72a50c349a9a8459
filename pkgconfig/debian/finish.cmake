# Make the folder of one component what Debian wants: manual pages compressed, changelogs and copyright in its
# folder of documents. Runs while cpack installs; @...@ are filled in by packages.cmake.
set(root "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
set(documents "${root}/share/doc/@icecat_package@")
file(MAKE_DIRECTORY "${documents}")
file(COPY_FILE "@CMAKE_CURRENT_SOURCE_DIR@/debian/copyright" "${documents}/copyright")
file(COPY_FILE "@PROJECT_SOURCE_DIR@/CHANGELOG.md" "${documents}/changelog")
file(COPY_FILE "@icecat_debian_dir@/changelog" "${documents}/changelog.Debian")
file(GLOB_RECURSE plain "${root}/share/man/*.[13]" "${documents}/changelog*")
foreach(file IN LISTS plain)
  execute_process(COMMAND gzip -9nf "${file}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB archives "${root}/lib/*/*.a" "${root}/lib/*.a")
foreach(archive IN LISTS archives)
  execute_process(COMMAND strip --strip-debug -R .comment "${archive}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
# What lintian need not say. The address is set by whoever publishes; the call of ldconfig is cpack's.
file(WRITE "${root}/share/lintian/overrides/@icecat_package@"
     "@icecat_package@: bogus-mail-host *\n@icecat_package@: bogus-mail-host-in-debian-changelog *\n"
     "@icecat_package@: initial-upload-closes-no-bugs *\n@icecat_overrides@")
file(GLOB_RECURSE all LIST_DIRECTORIES TRUE "${root}/*")
foreach(path IN LISTS all)
  if(IS_DIRECTORY "${path}")
    file(CHMOD "${path}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
         WORLD_EXECUTE)
  endif()
endforeach()
