using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <content>The steps about parcels.</content>
internal sealed partial class World
{
    /// <summary>None before the table has one.</summary>
    private EcgridRoute _route;

    /// <summary>Of the last upload.</summary>
    private long _id;

    private EcgridInbox Inbox
    {
        get { return Slot<EcgridInbox>("inbox"); }
    }

    private EcgridOutbox Outbox
    {
        get { return Slot<EcgridOutbox>("outbox"); }
    }

    private static EcgridRoute Route(Step step)
    {
        var route = new EcgridRoute();
        foreach (var word in step.Words.GetRange(1, step.Words.Count - 1))
        {
            var pair = word.Split('=');
            if (pair[0] == "from") route.From = Number(pair[1]);
            else if (pair[0] == "to") route.To = Number(pair[1]);
            else if (pair[0] == "mailbox") route.Mailbox = Number(pair[1]);
            else throw new CheckFailed("nothing of a route is " + word);
        }
        return route;
    }

    private static byte[] Bytes(string text)
    {
        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    /// <summary>A number; <c>id</c>, that of the last upload; or one in the response that was made last, by its
    /// pointer.</summary>
    private long ParcelId(string word)
    {
        if (word == "id") return _id;
        return word[0] == '/' ? Slot<EcgridResponse>("response").GetInt64(word, -7) : Number(word);
    }

    private object MakeOfParcels(Step step, TimeSpan? timeout, CancellationToken token)
    {
        var words = step.Words;
        var last = words.Count > 2 ? words[2] : null;
        switch (step.Verb)
        {
            case "pending":
                return Session.GetPending(words.Count > 1 ? Number(words[1]) : 0, timeout, token);
            case "download":
                return IsOf(ParcelId(words[1]), Session.Download(ParcelId(words[1]), timeout, token));
            case "download-file":
                return Nothing(() => Session.DownloadFile(ParcelId(words[1]), words[2], timeout, token));
            case "confirm":
                return Nothing(() => Session.Confirm(ParcelId(words[1]), timeout, token));
            case "upload":
                return Uploaded(Session.Upload(Bytes(words[2]), words[1], _route, timeout, token));
            case "upload-file":
                return Uploaded(Session.UploadFile(words[1], last, _route, timeout, token));
            case "inbox":
                return Session.OpenInbox(words[1], last == null ? 0 : Number(last));
            case "outbox":
                return Session.OpenOutbox(words[1], _route);
            case "settle":
                return Nothing(() => Outbox.SetSettleTime(TimeSpan.FromMilliseconds(Number(words[1]))));
            case "receive":
                return Inbox.Receive(timeout, token);
            case "send":
                return Outbox.Send(timeout, token);
            default:
                throw new CheckFailed("there is no step " + step.Verb);
        }
    }

    private async Task<object> MakeOfParcelsAsync(Step step, CancellationToken token)
    {
        var words = step.Words;
        var last = words.Count > 2 ? words[2] : null;
        switch (step.Verb)
        {
            case "pending":
                return await Session.GetPendingAsync(words.Count > 1 ? Number(words[1]) : 0, null, token);
            case "download":
                return IsOf(ParcelId(words[1]), await Session.DownloadAsync(ParcelId(words[1]), null, token));
            case "download-file":
                await Session.DownloadFileAsync(ParcelId(words[1]), words[2], null, token);
                return null;
            case "confirm":
                await Session.ConfirmAsync(ParcelId(words[1]), null, token);
                return null;
            case "upload":
                return Uploaded(await Session.UploadAsync(Bytes(words[2]), words[1], _route, null, token));
            case "upload-file":
                return Uploaded(await Session.UploadFileAsync(words[1], last, _route, null, token));
            case "receive":
                return await Inbox.ReceiveAsync(null, token);
            case "send":
                return await Outbox.SendAsync(null, token);
            default:
                throw new CheckFailed("no step " + step.Verb + " is started here so that it can be cancelled");
        }
    }

    private static EcgridParcel IsOf(long id, EcgridParcel parcel)
    {
        Check.Equal(id, parcel.Id, "the parcel's id");
        return parcel;
    }

    private object Uploaded(long id)
    {
        _id = id;
        return null;
    }
}
