package example;

import io.ecgrid.EcgridException;
import io.ecgrid.EcgridResponse;
import io.ecgrid.EcgridSession;
import io.ecgrid.EcgridToken;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Notes what is called, and fails if it is told to. */
final class FakeSession implements EcgridSession {
    final List<String> calls = new ArrayList<>();
    EcgridException failure;

    @Override
    public EcgridResponse call(String method, String path, String json) {
        calls.add(method + " " + path + " " + json);
        if (failure != null) {
            throw failure;
        }
        return null;
    }

    @Override
    public EcgridResponse callUtf8(String method, String path, ByteBuffer json) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EcgridToken token() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void refused(EcgridToken token) {}

    @Override
    public void refresh() {}

    @Override
    public EcgridResponse info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void changePassword(char[] current, char[] replacement) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EcgridResponse generateApiKey(long userId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void logout() {}

    @Override
    public void cancel() {}

    @Override
    public void stop() {}

    @Override
    public void close() {}
}
