package io.ecgrid;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;

/**
 * A session's credential on requests that the program sends by an {@link HttpClient} of its own: to the base URL, and never
 * anywhere else. A class apart, as a Java without the module {@code java.net.http} can do all the rest.
 */
final class OwnRequests {
    private static final int UNAUTHORIZED = 401;

    private final EcgridSession session;
    private final String baseUrl;

    OwnRequests(EcgridSession session, String baseUrl) {
        this.session = session;
        this.baseUrl = baseUrl;
    }

    HttpRequest.Builder authorize(HttpRequest.Builder request, CallOption... options) {
        refuseElsewhere(request.copy().build().uri());
        try (EcgridToken token = session.token(options)) {
            return request.setHeader(token.headerName(), token.headerValue());
        }
    }

    <T> HttpResponse<T> send(HttpClient client, HttpRequest request, BodyHandler<T> handler, CallOption... options)
            throws IOException, InterruptedException {
        URI uri = request.uri();
        refuseElsewhere(uri);
        refuseLeaking(client, uri);
        boolean again = request.bodyPublisher().map(body -> body.contentLength() >= 0).orElse(true);
        while (true) {
            try (EcgridToken token = session.token(options)) {
                HttpResponse<T> response = client.send(with(token, request, uri), again ? without401(handler) : handler);
                if (response.statusCode() != UNAUTHORIZED) {
                    return response;
                }
                session.refused(token);
                if (!again) {
                    return response;
                }
                again = false;
            }
        }
    }

    private void refuseElsewhere(URI uri) {
        if (!isBelow(URI.create(baseUrl), uri)) {
            throw EcgridException.invalidArgument("the request is not for " + baseUrl
                    + ", and the session's credential goes nowhere else: send it without a credential, or make a client for it");
        }
    }

    private static boolean isBelow(URI base, URI uri) {
        return base.getScheme().equalsIgnoreCase(uri.getScheme())
                && base.getHost() != null
                && base.getHost().equalsIgnoreCase(uri.getHost())
                && port(base) == port(uri)
                && (path(uri) + "/").startsWith(path(base) + "/");
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** As the server sees it, which may take {@code %2e} for a dot and {@code ..} for a step up. */
    private static String path(URI uri) {
        return URI.create("http://any" + uri.getRawPath().replaceAll("(?i)%2e", ".")).normalize().getRawPath();
    }

    private static void refuseLeaking(HttpClient client, URI uri) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw EcgridException.invalidArgument("the HttpClient follows redirects, and would take the session's credential"
                    + " with it to any host: build it with followRedirects(HttpClient.Redirect.NEVER), or with none set");
        }
        // Over TLS a proxy sees nothing; what is plain has to stay on this machine.
        ProxySelector proxies = client.proxy().orElseGet(ProxySelector::getDefault);
        if (uri.getScheme().equalsIgnoreCase("http") && proxies != null
                && !proxies.select(uri).stream().allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT)) {
            throw EcgridException.invalidArgument("the HttpClient has a proxy for " + uri.getHost() + ", which would read the"
                    + " session's credential, as the base URL is not https: build it with proxy(HttpClient.Builder.NO_PROXY)");
        }
    }

    /** The answer that is not the last one: what hangs on it, such as a file, gets the next. */
    private static <T> BodyHandler<T> without401(BodyHandler<T> handler) {
        return head -> head.statusCode() == UNAUTHORIZED
                ? HttpResponse.BodySubscribers.replacing(null) : handler.apply(head);
    }

    private static HttpRequest with(EcgridToken token, HttpRequest request, URI uri) {
        HttpRequest.Builder copy = HttpRequest.newBuilder(uri).expectContinue(request.expectContinue());
        request.headers().map().forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
        request.timeout().ifPresent(copy::timeout);
        request.version().ifPresent(copy::version);
        request.bodyPublisher().ifPresentOrElse(
                body -> copy.method(request.method(), body), () -> withoutBody(copy, request.method()));
        return copy.setHeader(token.headerName(), token.headerValue()).build();
    }

    /** As the JDK does it: a GET with an empty body would be another request than one without. */
    private static void withoutBody(HttpRequest.Builder request, String method) {
        if (!method.equals("GET")) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        }
    }
}
