package example;

import io.ecgrid.CallOption;
import io.ecgrid.EcgridException;
import io.ecgrid.EcgridResponse;
import io.ecgrid.EcgridSession;
import io.ecgrid.EcgridToken;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Notes what is called, and answers or fails as it is told to. */
final class FakeSession implements EcgridSession {
    final List<String> calls = new ArrayList<>();
    String answer = "{\"success\": true, \"data\": null}";
    EcgridException failure;

    @Override
    public EcgridResponse call(String method, String path, String json, CallOption... options) {
        calls.add(method + " " + path + " " + json);
        if (failure != null) {
            throw failure;
        }
        return EcgridResponse.of(answer);
    }

    @Override
    public EcgridResponse callUtf8(String method, String path, ByteBuffer json, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String baseUrl() {
        return "https://ecgrid.invalid";
    }

    @Override
    public EcgridToken token(CallOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void refused(EcgridToken token) {}

    @Override
    public HttpRequest.Builder authorize(HttpRequest.Builder request, CallOption... options) {
        return request;
    }

    @Override
    public <T> HttpResponse<T> send(
            HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void refresh(CallOption... options) {}

    @Override
    public EcgridResponse info(CallOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void changePassword(char[] current, char[] replacement, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EcgridResponse generateApiKey(long userId, CallOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void logout(CallOption... options) {}

    @Override
    public void cancel() {}

    @Override
    public void stop() {}

    @Override
    public void close() {}
}
