using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

/// <summary>A server that notes what arrives, and sends everybody on to somewhere else, if it knows where.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly TcpListener _listener = new TcpListener(IPAddress.Loopback, 0);
    private readonly List<string> _arrived = new List<string>();
    private readonly Thread _thread;
    private readonly string _location;
    private volatile bool _isClosed;

    public Recorder(string location = null)
    {
        _location = location;
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public int Port
    {
        get { return ((IPEndPoint)_listener.LocalEndpoint).Port; }
    }

    public string Url
    {
        get { return "http://127.0.0.1:" + Port; }
    }

    /// <summary>Of each request its first line and the credentials in it.</summary>
    public string Arrived
    {
        get
        {
            lock (_arrived) return string.Join("; ", _arrived);
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _listener.Stop();
        _thread.Join();
    }

    private void Serve()
    {
        while (!_isClosed)
        {
            try
            {
                using (var connection = _listener.AcceptTcpClient()) Answer(connection.GetStream());
            }
            catch (Exception error) when (error is IOException || error is SocketException)
            {
                // Whoever asked has gone, or the test is over.
            }
        }
    }

    private void Answer(NetworkStream stream)
    {
        var reader = new StreamReader(stream, Encoding.ASCII);
        var line = reader.ReadLine();
        if (line == null) return;
        var request = new StringBuilder(line.Replace(" HTTP/1.1", ""));
        while (!string.IsNullOrEmpty(line = reader.ReadLine()))
        {
            const string Key = "X-API-Key: ";
            if (line.StartsWith(Key, StringComparison.OrdinalIgnoreCase)) request.Append(" key=" + line.Substring(Key.Length));
            if (line.StartsWith("Authorization:", StringComparison.OrdinalIgnoreCase)) request.Append(" authorized");
        }
        lock (_arrived) _arrived.Add(request.ToString());
        var head = _location == null ? "200 OK" : "307 Temporary Redirect\r\nLocation: " + _location;
        var answer = Encoding.ASCII.GetBytes("HTTP/1.1 " + head + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.Write(answer, 0, answer.Length);
    }
}
