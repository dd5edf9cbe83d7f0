using System.Text;
using Sharing.Core;
using Sharing.Messaging;

namespace Sharing.Tour;

public sealed partial class Story
{
    WakeUps _phone = null!;

    /// <summary>What the server offers.</summary>
    string Offered()
    {
        var folder = Path.Combine(_folder, "offered");
        foreach (var (path, text) in new[] { ("music/jazz/Blue.txt", "Blue notes"), ("music/jazz/Green.txt", "Green notes"), ("book/Tales.txt", "Once upon a time") })
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        return folder;
    }

    /// <summary>M1 to M9.</summary>
    async Task MessagesAsync()
    {
        _board.Chapter("Ben has a message centre: what the server offers, what Anna sends, and what his terminal cannot open yet");
        var (catalog, inbox) = (_ben.Messages<ICatalog>(), _ben.Messages<IInbox>());
        var music = await catalog.ListAsync(_ben.Person, new() { Kind = "music", Count = 1 });
        var rest = await catalog.ListAsync(_ben.Person, new() { Kind = "music", Cursor = music.Next });
        var asked = (await catalog.RequestAsync(_ben.Person, music.Items[0].Id))!;
        _board.Check("M1", music.Next is not null && rest.Items.Count == 1 && await OpenAsync(_ben, asked) is (_, _, var song) && song.EndsWith("notes", StringComparison.Ordinal), "Ben lists the server's music page by page, asks for a piece, and has it");

        await _ben.Messages<ITastes>().NoteAsync(_ben.Person, new() { Use = TasteUse.Opened, Message = asked.Id });
        var taste = await _ben.Messages<ITastes>().FindAsync(_ben.Person);
        _board.Check("M2", taste.Interests.Any(static interest => interest is { Name: "jazz music", Times: 2 }), $"the server has learnt, and tells him, what he likes: {taste.Interests[0].Name}; what is new of it comes by itself, with the reason");

        var file = Path.Combine(_folder, "sales.chart");
        await File.WriteAllBytesAsync(file, [0, .. "CHART1"u8, .. "3 1 2"u8]);
        var sent = await _anna.Messages<IMessages>().SendAsync(_anna.Person, new() { To = [_benIs.Id, "nobody"], Upload = await UploadAsync(_anna, file), Text = "Our sales" });
        _board.Check("M4", sent.To is [{ State: DeliveryState.Delivered }, { State: DeliveryState.Unknown }], "Anna sends a chart to Ben and to somebody who is not there, and is told of each");
        var refused = await RefusalAsync(() => _ben.Messages<IBearers>().BindAsync(_ben.Person, "ip", "http://somewhere.example/"));
        await _ben.Messages<IBearers>().BindAsync(_ben.Person, "ip", _phone.Address);
        var isHis = await _ben.Messages<IBearers>().ConfirmAsync(_ben.Person, "ip", _phone.Code);
        _board.Check("M3", refused == ProblemCodes.InvalidInput && isHis, "Ben's network id is bound to an address of his phone, which the code that came there confirms");

        await _stage.DisturbAsync(_board);
        List<InboxEvent> arrived = [];
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
        {
            await foreach (var one in inbox.WatchAsync(_ben.Person, new() { Device = "laptop" }, patience.Token))
            {
                arrived.Add(one);
                if (one.Message?.Id == sent.Id)
                {
                    break;
                }
            }
        }

        await inbox.AcknowledgeAsync(_ben.Person, "laptop", arrived[^1].Number);
        var missed = await inbox.ReadAsync(_ben.Person, new() { Device = "laptop" });
        _board.Check("M9", arrived.Select(static one => one.Number).SequenceEqual([1, 2]) && missed.Messages.Count == 0, "what Ben's laptop missed while it was off comes once and in order");

        var chart = arrived[^1].Message!;
        var (handler, _, shown) = await OpenAsync(_ben, chart);
        _board.Check("M7", handler == "sharing.chart" && shown.StartsWith("  3 ###\n", StringComparison.Ordinal), "his terminal has no handler for charts: it fetches the server's, checks it, and runs it confined");
        var text = await SendAsync("GIF89a, says its name"u8.ToArray(), "notes.html");
        _board.Check("M6", (await OpenAsync(_ben, text)).Type == "image/gif" && (await OpenAsync(_ben, asked)).Handler == "sharing.plain", "what calls itself a page and is a picture is opened as a picture");
        var page = await SendAsync(Encoding.UTF8.GetBytes("<html><script>alert(1)</script><p>Good news"), "news.png");
        _board.Check("M8", await OpenAsync(_ben, page) is ("sharing.web", "text/plain; charset=utf-8", "Good news\n"), "a page is read in the terminal's own browser, as text; nothing in it is run");
        var again = await _ben.Messages<IMessages>().SendAsync(_ben.Person, new() { To = [_annaIs.Id], Forward = chart.Id });
        var back = await _anna.Messages<IInbox>().FindAsync(_anna.Person, again.Id);
        _board.Check("M5", back is { Kind: MessageKind.Forwarded, Resource.Name: "sales.chart" }, "Ben sends the chart on");

        async Task<Message> SendAsync(byte[] bytes, string name)
        {
            var path = Path.Combine(_folder, name);
            await File.WriteAllBytesAsync(path, bytes);
            var one = await _anna.Messages<IMessages>().SendAsync(_anna.Person, new() { To = [_benIs.Id], Upload = await UploadAsync(_anna, path) });
            return (await inbox.FindAsync(_ben.Person, one.Id))!;
        }
    }

    static Task<string> UploadAsync(Terminal terminal, string path) => terminal.Messages<MessageUploader>().UploadAsync(terminal.Person, path);

    static async Task<(string Handler, string Type, string Text)> OpenAsync(Terminal terminal, Message message)
    {
        await using var content = await terminal.Messages<MessageGetter>().GetAsync(terminal.Person, message);
        using var output = new MemoryStream();
        var opened = await terminal.Messages<ResourceOpener>().OpenAsync(message.Resource.Name, message.Resource.MediaType, content, output);
        return (opened.Handler, opened.MediaType, Encoding.UTF8.GetString(output.ToArray()));
    }
}
