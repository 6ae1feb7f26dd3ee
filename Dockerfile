# Packages and compiler of the static build come from one release of Alpine: its archives hold LTO
# objects that another compiler could not read.
ARG ALPINE=3.23

FROM alpine:${ALPINE} AS build
RUN apk add --no-cache \
        build-base pkgconf curl-dev curl-static json-c-dev openssl-dev openssl-libs-static \
        zlib-static brotli-static zstd-static nghttp2-static nghttp3-static c-ares-dev \
        libidn2-static libunistring-static libpsl-static
COPY . /source
# A compiler newer than those of the tests may know new warnings: no reason to build nothing.
RUN make -C /source -j "$(nproc)" static WERROR= \
    && strip /source/build/static/notion-sync*

FROM alpine:${ALPINE}
RUN apk add --no-cache ca-certificates
COPY --from=build /source/build/static/notion-sync* /usr/local/bin/
COPY entrypoint.sh /entrypoint.sh
ENTRYPOINT ["/entrypoint.sh"]
