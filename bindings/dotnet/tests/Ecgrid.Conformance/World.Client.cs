using System;
using Ecgrid;

/// <content>Clients, and their settings as the table names them.</content>
internal sealed partial class World
{
    private EcgridClient MakeClient(Step step)
    {
        var place = step.Words[1];
        var isEnvironment = place == "environment";
        var variable = isEnvironment ? "SANDBOX_HTTPS" : "SANDBOX_" + place.Replace('-', '_').ToUpperInvariant();
        var url = Sandbox.Variable(variable);
        var options = isEnvironment ? EcgridOptions.FromEnvironment() : new EcgridOptions { BaseUrl = url };
        if (!isEnvironment) options.CaFile = Sandbox.Variable("SANDBOX_CA");
        for (var i = 2; i < step.Words.Count; i++) Set(options, step.Words[i]);
        TakeControl(url);
        return new EcgridClient(options);
    }

    private static void Set(EcgridOptions options, string word)
    {
        var at = word.IndexOf('=');
        var value = word.Substring(at + 1);
        switch (word.Substring(0, at))
        {
            case "base_url":
                options.BaseUrl = value;
                break;
            case "api_key":
                options.ApiKey = value;
                break;
            case "ca_file":
                options.CaFile = value;
                break;
            case "proxy":
                options.Proxy = value;
                break;
            case "user_agent":
                options.UserAgent = value;
                break;
            case "timeout_ms":
                options.Timeout = TimeSpan.FromMilliseconds(Number(value));
                break;
            case "connect_timeout_ms":
                options.ConnectTimeout = TimeSpan.FromMilliseconds(Number(value));
                break;
            case "max_attempts":
                options.MaxAttempts = (int)Number(value);
                break;
            case "max_response_bytes":
                options.MaxResponseBytes = Number(value);
                break;
            case "keep_password":
                options.KeepPassword = Number(value) == 1;
                break;
            case "keep_alive":
                options.KeepAlive = Number(value) == 1;
                break;
            default:
                throw new CheckFailed("there is no setting " + word);
        }
    }
}
