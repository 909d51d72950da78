using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Ecgrid;

/// <summary>What came of a step: an error, a closed object, or what was made, if anything.</summary>
internal sealed class Result
{
    public EcgridException Error { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>An object for a slot, the number of a round's files, or null.</summary>
    public object Made { get; set; }

    /// <summary>As the table says it, without underscores.</summary>
    public string Status
    {
        get
        {
            if (IsClosed) return "CLOSED";
            return (Error == null ? EcgridStatus.Ok : Error.Status).ToString().ToUpperInvariant();
        }
    }
}

/// <summary>Compares what came of a step with what the table expects.</summary>
internal static class Expect
{
    public static void All(Step step, Step expecting, Result result, string tokenBefore)
    {
        var expected = expecting.Expected[0].Replace("_", "");
        if (result.Status != expected)
        {
            var what = step.Words.Count > 1 && step.Words[1].Length < 200 ? step.Verb + " " + step.Words[1] : step.Verb;
            throw new CheckFailed(what + ": " + result.Status + ", not " + expected + " ("
                + (result.Error == null ? "no error" : result.Error.Message) + ")");
        }
        if (result.Error != null) GoodMessage(step, result.Error.Message);
        var token = result.Made as EcgridToken;
        if (token != null && !result.IsClosed)
        {
            var scheme = token.HeaderName == "Authorization" ? "Bearer " : "";
            Check.Equal(scheme + token.Value, token.HeaderValue, "the header's value");
        }
        for (var i = 1; i < expecting.Expected.Count; i++)
        {
            var word = expecting.Expected[i];
            var at = word.IndexOf('=');
            if (at < 0) throw new CheckFailed("nothing is expected by " + word);
            One(word, word.Substring(0, at), word.Substring(at + 1), result, tokenBefore);
        }
    }

    private static void One(string word, string name, string value, Result result, string tokenBefore)
    {
        if (name == "files") Number(word, value, result.Error == null ? (long)result.Made : result.Error.ParcelCount);
        else if (result.Error != null) OfError(word, name, value, result.Error);
        else if (result.Made is EcgridToken) OfToken(word, name, value, (EcgridToken)result.Made, tokenBefore);
        else if (result.Made is EcgridResponse) OfResponse(word, name, value, (EcgridResponse)result.Made);
        else if (result.Made is EcgridParcel) OfParcel(word, name, value, (EcgridParcel)result.Made);
        else throw new CheckFailed("nothing of this step is " + word);
    }

    private static void OfError(string word, string name, string value, EcgridException error)
    {
        switch (name)
        {
            case "outcome":
                Check.Equal(value.Replace("_", ""), error.Outcome.ToString().ToUpperInvariant(), "the outcome");
                break;
            case "http":
                Number(word, value, error.HttpStatus);
                break;
            case "code":
                Check.Equal(value, error.Code, "the code");
                break;
            case "trace":
                Check.Equal(value, error.TraceId, "the trace id");
                break;
            case "retry":
                Number(word, value, error.RetryAfter.HasValue ? (long?)error.RetryAfter.Value.TotalMilliseconds : null);
                break;
            case "says":
                Check.Has(error.Message, value);
                break;
            default:
                throw new CheckFailed("nothing of an error is " + word);
        }
    }

    private static void OfToken(string word, string name, string value, EcgridToken token, string tokenBefore)
    {
        switch (name)
        {
            case "user":
                Number(word, value, token.UserId);
                break;
            case "expires_in":
                Number(word, value, token.ExpiresIn.HasValue ? (long?)token.ExpiresIn.Value.TotalSeconds : null);
                break;
            case "expires_at":
                Check.Equal(value, token.ExpiresAt.HasValue ? "known" : "none", "the time of expiry");
                break;
            case "header":
                Check.Equal(value, token.HeaderName, "the header's name");
                break;
            case "fresh":
                Check.Equal(value, token.Value == tokenBefore ? "no" : "yes", "whether the token is fresh");
                break;
            default:
                throw new CheckFailed("nothing of a token is " + word);
        }
    }

    private static void OfResponse(string word, string name, string value, EcgridResponse response)
    {
        if (name == "http")
        {
            Number(word, value, response.HttpStatus);
        }
        else if (name == "data")
        {
            Check.Equal(value, response.Data, "data");
        }
        else if (name == "body")
        {
            Check.That(value.StartsWith("has:", StringComparison.Ordinal), "nothing of a body is " + word);
            Check.Has(response.Body, value.Substring(4));
        }
        else if (name.StartsWith("header:", StringComparison.Ordinal))
        {
            Check.Equal(value, response.GetHeader(name.Substring(7)), name);
        }
        else if (name.StartsWith("kind:", StringComparison.Ordinal))
        {
            Check.Equal(value, response.GetKind(name.Substring(5)).ToString().ToLowerInvariant(), name);
        }
        else if (name.StartsWith("count:", StringComparison.Ordinal))
        {
            Check.Equal(long.Parse(value, CultureInfo.InvariantCulture), response.GetCount(name.Substring(6)), name);
        }
        else if (name.StartsWith("int:", StringComparison.Ordinal))
        {
            Check.Equal(long.Parse(value, CultureInfo.InvariantCulture), response.GetInt64(name.Substring(4), -7), name);
        }
        else
        {
            Check.Equal(value, response.GetString(name), name);
        }
    }

    private static void OfParcel(string word, string name, string value, EcgridParcel parcel)
    {
        var content = parcel.GetContent();
        using (var stream = parcel.OpenRead())
        using (var copy = new MemoryStream())
        {
            stream.CopyTo(copy);
            Check.That(copy.ToArray().SequenceEqual(content), "the stream has what the array has");
        }
        Check.Equal(content.Length, parcel.Length, "the length");
        switch (name)
        {
            case "name":
                Check.Equal(value, parcel.FileName, name);
                break;
            case "length":
                Number(word, value, parcel.Length);
                break;
            case "content":
                Check.That(content.SequenceEqual(Encoding.UTF8.GetBytes(value)), "the content is another");
                break;
            default:
                throw new CheckFailed("nothing of a parcel is " + word);
        }
    }

    /// <summary><c>7</c>, <c>1..9</c> or <c>none</c>.</summary>
    private static void Number(string word, string expected, long? value)
    {
        var isSo = !value.HasValue;
        if (expected != "none")
        {
            var ends = expected.Split(new[] { ".." }, StringSplitOptions.None);
            var low = long.Parse(ends[0], CultureInfo.InvariantCulture);
            var high = long.Parse(ends[ends.Length - 1], CultureInfo.InvariantCulture);
            isSo = value >= low && value <= high;
        }
        Check.That(isSo, word + ", but it is " + (value.HasValue ? "" + value : "none"));
    }

    private static void GoodMessage(Step step, string message)
    {
        Check.That(message.Length > 0, "an error without a message");
        foreach (var letter in message) Check.That(letter >= ' ', "a message of several lines: " + message);
        for (var i = 1; i < step.Words.Count; i++)
        {
            var word = step.Words[i];
            if (IsSecret(step, i) && word.Length >= 4 && word.Length <= 4096) Check.HasNot(message, word);
        }
    }

    private static bool IsSecret(Step step, int word)
    {
        switch (step.Verb)
        {
            case "login":
            case "default-login":
            case "session":
                return word == 2;
            default:
                return step.Verb == "key-session" || step.Verb == "change-password";
        }
    }
}
