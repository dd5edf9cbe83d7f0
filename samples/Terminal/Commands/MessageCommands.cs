using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;
using Sharing.Apps;
using Sharing.Core;
using Sharing.Messaging;
using Spectre.Console;

namespace Sharing.Terminal.Commands;

/// <summary>The message centre: <c>catalog</c>, <c>inbox</c>, <c>send</c>, <c>sent</c>, <c>open</c>, <c>handlers</c>.</summary>
static class MessageCommands
{
    static readonly Argument<string> Id = new("MESSAGE") { Description = "A message's id, or the beginning of it" };

    /// <summary>What an app is called as a resource: its id is the last part of its address, and whoever opens it gets the build for his own device from his own server.</summary>
    const string AppType = "application/vnd.sharing.app";

    public static Command[] Make() => [Catalog(), Inbox(), Send(), Sent(), Open(), Handlers()];

    static Command Catalog()
    {
        var words = new Argument<string[]>("WORD") { Description = "What it is about", Arity = ArgumentArity.ZeroOrMore };
        var kind = new Option<string?>("--kind") { Description = "One sort of thing: music, video, book …", HelpName = "KIND" };
        var more = new Option<string?>("--after") { Description = "Goes on where a list before ended", HelpName = "CURSOR" };
        var item = new Argument<string>("ITEM") { Description = "An id from the list" };
        var get = new Command("get", "Asks for something: it comes into your inbox.") { item }.Does(async (shell, parse, cancellationToken) =>
        {
            var id = CatalogItemId.TryParse(parse.GetValue(item), out var one) ? one : throw new SharingException(ProblemCodes.InvalidInput, "That is no id of the catalogue. What there is, says: sharing catalog");
            var message = await shell.At<ICatalog>().RequestAsync(shell.Me, id, cancellationToken) ?? throw CommandLine.Missing($"item {id}");
            shell.Print(message, m => shell.Say($"{m.Resource.Name} is in your inbox. Open it with: sharing open {m.Id.Value[..8]}"));
            return ExitCodes.Ok;
        });
        return new Command("catalog", "Lists what the server offers, the newest first.") { words, kind, more, get }.Does(async (shell, parse, cancellationToken) =>
        {
            var query = new CatalogQuery { Kind = parse.GetValue(kind), Search = parse.GetValue(words) is { Length: > 0 } some ? string.Join(' ', some) : null, Cursor = parse.GetValue(more) };
            var page = await shell.At<ICatalog>().ListAsync(shell.Me, query, cancellationToken);
            shell.Print(page, p =>
            {
                Output.Table(["ITEM", "KIND", "TITLE", "SIZE", "TAGS"], p.Items.Select(static item => (IReadOnlyList<string>)
                    [item.Id.Value, item.Kind, item.Title, item.Resource.Length is { } length ? Output.Bytes(length) : "", string.Join(", ", item.Tags)]));
                if (p.Next is { } next)
                {
                    shell.Say($"There is more: sharing catalog --after {next}");
                }
            });
            return ExitCodes.Ok;
        });
    }

    static Command Inbox()
    {
        var all = new Option<bool>("--all") { Description = "Also what this terminal has shown before" };
        var watch = new Option<bool>("--watch") { Description = "Goes on, and prints what arrives" };
        return new Command("inbox", "Shows what has arrived since this terminal looked last.") { all, watch }.Does(async (shell, parse, cancellationToken) =>
        {
            var (inbox, device) = (shell.At<IInbox>(), Environment.MachineName);
            var query = new InboxQuery { After = parse.GetValue(all) ? 0 : null, Device = device, Count = InboxQuery.Most };
            if (parse.GetValue(watch))
            {
                await foreach (var one in inbox.WatchAsync(shell.Me, query, cancellationToken))
                {
                    if (one.Message is { } message)
                    {
                        shell.Print(message, m => shell.Say(LineOf(m)));
                    }

                    await inbox.AcknowledgeAsync(shell.Me, device, one.Number, cancellationToken);
                }

                return ExitCodes.Ok;
            }

            List<Message> messages = [];
            while (true)
            {
                var page = await inbox.ReadAsync(shell.Me, query, cancellationToken);
                messages.AddRange(page.Messages);
                query = query with { After = page.Next };
                if (page.IsWhole)
                {
                    break;
                }
            }

            shell.Print(messages, some =>
            {
                if (some.Count == 0)
                {
                    shell.Say("Nothing new. What was here before, shows: sharing inbox --all");
                    return;
                }

                Output.Table(["MESSAGE", "FROM", "WHAT", "SIZE", "SENT", "TEXT"], some.Select(static message => (IReadOnlyList<string>)
                [
                    message.Id.Value[..8], message.From?.Value ?? "the server", message.Resource.Name, message.Resource.Length is { } length ? Output.Bytes(length) : "", Output.Time(message.Sent),
                    message.Text ?? message.Because ?? "",
                ]));
            });
            await inbox.AcknowledgeAsync(shell.Me, device, query.After ?? 0, cancellationToken); // once it is on the screen
            return ExitCodes.Ok;
        });
    }

    static Command Send()
    {
        var what = new Argument<string?>("WHAT") { Description = "A file, or a web address", Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string[]>("--to") { Description = "People: ids, names of friends, or friends' numbers and mail addresses from your address book", HelpName = "PERSON", Required = true, AllowMultipleArgumentsPerToken = true };
        var text = new Option<string?>("--text") { Description = "What you say of it" };
        var forward = new Option<string?>("--forward") { Description = "Sends on what you received", HelpName = "MESSAGE" };
        var item = new Option<string?>("--item") { Description = "Something from the catalogue", HelpName = "ITEM" };
        var app = new Option<string?>("--app") { Description = "An app: whoever opens it gets the build that fits", HelpName = "APP" };
        return new Command("send", "Sends something to one or many, friends or not.") { what, to, text, forward, item, app }.Does(async (shell, parse, cancellationToken) =>
        {
            var draft = new MessageDraft { To = await WhoAsync(shell, parse.GetValue(to)!, cancellationToken), Text = parse.GetValue(text) };
            draft = (parse.GetValue(what), parse.GetValue(forward), parse.GetValue(item), parse.GetValue(app)) switch
            {
                ({ } path, null, null, null) when File.Exists(path) => draft with { Upload = await UploadAsync(shell, path, cancellationToken) },
                ({ } address, null, null, null) when Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" =>
                    draft with { Resource = new() { Name = Path.GetFileName(uri.LocalPath) is { Length: > 0 } name ? name : uri.Host, Addresses = [uri] } },
                ({ } other, null, null, null) => throw new SharingException(ProblemCodes.InvalidInput, $"{Output.Plain(other)} is neither a file nor a web address."),
                (null, { } message, null, null) => draft with { Forward = (await FindAsync(shell, message, cancellationToken)).Id },
                (null, null, { } one, null) when CatalogItemId.TryParse(one, out var id) => draft with { Item = id },
                (null, null, null, { } one) when AppId.TryParse(one, out var id) => draft with { Resource = await ResourceOfAsync(shell, id, cancellationToken) },
                _ => throw new SharingException(ProblemCodes.InvalidInput, "Say one thing to send: a file, an address, --forward MESSAGE, --item ITEM or --app APP."),
            };
            var sent = await shell.At<IMessages>().SendAsync(shell.Me, draft, null, cancellationToken);
            shell.Print(sent, s => Output.Table(["TO", "STATE"], s.To.Select(static one => (IReadOnlyList<string>)[one.To, StateOf(one)])));
            return sent.To.All(static one => one.State is DeliveryState.Unknown or DeliveryState.Refused) ? ExitCodes.Of(ProblemCodes.NotFound) : ExitCodes.Ok;
        });
    }

    static Command Sent() => new Command("sent", "Shows what you have sent, and how far it has come, the newest first.").Does(async (shell, _, cancellationToken) =>
    {
        var sent = await shell.At<IMessages>().ListAsync(shell.Me, cancellationToken).ToListAsync(cancellationToken);
        shell.Print(sent, all => Output.Table(["MESSAGE", "WHAT", "SENT", "TO", "STATE"], all.SelectMany(static one => one.To.Select((to, at) => (IReadOnlyList<string>)
            (at == 0 ? [one.Id.Value[..8], one.Resource.Name, Output.Time(one.Sent), to.To, StateOf(to)] : ["", "", "", to.To, StateOf(to)])))));
        return ExitCodes.Ok;
    });

    static string StateOf(Delivery one) => one.State switch
    {
        DeliveryState.Unknown => "unknown: there is nobody of that id",
        DeliveryState.Refused => "refused: takes nothing from you",
        var state => state.ToString().ToLowerInvariant(),
    };

    static Command Open()
    {
        var browser = new Option<bool>("--browser") { Description = "A web page: in this machine's browser" };
        var yes = new Option<bool>("--trust") { Description = "Trusts whoever signed the handler that is fetched for it" };
        var into = new Option<string?>("--into") { Description = "Where what is not text is saved [default: your downloads]", HelpName = "FOLDER" };
        return new Command("open", "Opens what a message brings; the handler is fetched first where it is missing.") { Id, browser, yes, into }.Does(async (shell, parse, cancellationToken) =>
        {
            var message = await FindAsync(shell, parse.GetValue(Id)!, cancellationToken);
            if (message.Resource is { MediaType: AppType, Addresses: [{ } place, ..] })
            {
                return await AppCommands.GetAsync(shell, Uri.UnescapeDataString(place.Segments[^1]), cancellationToken);
            }

            if (parse.GetValue(browser))
            {
                var address = message.Resource.Addresses.FirstOrDefault(static one => one.Scheme is "http" or "https") ?? throw new SharingException(ProblemCodes.InvalidInput, "The message has no web address.");
                Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
                return ExitCodes.Ok;
            }

            await using var content = await shell.Kept<MessageGetter>().GetAsync(shell.Me, message, cancellationToken: cancellationToken);
            using var output = new MemoryStream();
            var opened = await shell.Kept<ResourceOpener>().OpenAsync(message.Resource.Name, message.Resource.MediaType, content, output, offer => ConsentAsync(shell, parse.GetValue(yes), offer), cancellationToken);
            await shell.At<ITastes>().NoteAsync(shell.Me, new() { Use = TasteUse.Opened, Message = message.Id }, cancellationToken);
            if (opened.MediaType.StartsWith("text/", StringComparison.Ordinal))
            {
                var text = Encoding.UTF8.GetString(output.ToArray());
                var from = message.Resource.Addresses is [var address, ..] ? $"{address}\n\n" : "";
                shell.Print(new { message.Id, opened.Handler, opened.MediaType, Text = text }, _ => Console.Out.Write(Output.Plain(from + text)));
                return ExitCodes.Ok;
            }

            var folder = parse.GetValue(into) ?? shell.Settings.Downloads ?? Path.Combine(shell.DataFolder, "received");
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, FileName.From(message.Resource.Name) ?? message.Id.Value);
            await File.WriteAllBytesAsync(path, output.ToArray(), cancellationToken);
            shell.Print(new { message.Id, opened.Handler, opened.MediaType, File = path }, _ => shell.Say($"Saved as {path}"));
            return ExitCodes.Ok;
        });
    }

    static Command Handlers()
    {
        var remove = new Option<string?>("--remove") { Description = "Removes a handler", HelpName = "ID" };
        return new Command("handlers", "Lists the handlers that were fetched.") { remove }.Does(async (shell, parse, cancellationToken) =>
        {
            var store = shell.Kept<HandlerStore>();
            if (parse.GetValue(remove) is { } id)
            {
                return await store.RemoveAsync(id, cancellationToken) ? ExitCodes.Ok : throw CommandLine.Missing($"handler {Output.Plain(id)}");
            }

            shell.Print((await store.ListAsync(cancellationToken)).Select(static handler => new { handler.Id, handler.Kinds }).ToList(), all =>
                Output.Table(["HANDLER", "OPENS"], all.Select(static handler => (IReadOnlyList<string>)[handler.Id, string.Join(", ", handler.Kinds.Select(static kind => kind.MediaType))])));
            return ExitCodes.Ok;
        });
    }

    static async ValueTask<bool> ConsentAsync(Shell shell, bool yes, HandlerOffer offer)
    {
        var question = $"{offer.Title} opens it. It is signed by {offer.Signer[..16]}…, not by your server; it will run confined, with nothing but this resource.";
        return yes || (!shell.Json && !Console.IsInputRedirected && await new ConfirmationPrompt(Markup.Escape(Output.Line($"{question} Trust that signer from now on?"))) { DefaultValue = false }.ShowAsync(AnsiConsole.Console, CancellationToken.None));
    }

    /// <summary>Receivers as they were typed; those who are in the address book by their ids.</summary>
    static async Task<IReadOnlyList<string>> WhoAsync(Shell shell, string[] typed, CancellationToken cancellationToken)
    {
        var to = new List<string>(typed.Length);
        foreach (var one in typed)
        {
            to.Add((await PeopleCommands.ContactAsync(shell, one, cancellationToken))?.Value ?? one);
        }

        return to;
    }

    /// <summary>An app, at the server's page for it.</summary>
    static async Task<MessageResource> ResourceOfAsync(Shell shell, AppId app, CancellationToken cancellationToken)
    {
        var own = (await shell.At<IAppLists>().OwnAsync(shell.Me, cancellationToken)).Apps.FirstOrDefault(one => one.App == app);
        return new() { Name = own?.Name ?? app.Value, MediaType = AppType, Addresses = [new(shell.Kept<MessageHome>().Server, $"apps/{Uri.EscapeDataString(app.Value)}")] };
    }

    static async Task<string> UploadAsync(Shell shell, string path, CancellationToken cancellationToken)
    {
        var type = new FileExtensionContentTypeProvider().TryGetContentType(path, out var known) ? known : null;
        return await shell.At<MessageUploader>().UploadAsync(shell.Me, path, type, cancellationToken);
    }

    /// <summary>A message by its id, or by the beginning of one.</summary>
    static async Task<Message> FindAsync(Shell shell, string id, CancellationToken cancellationToken)
    {
        if (MessageId.TryParse(id, out var whole))
        {
            return await shell.At<IInbox>().FindAsync(shell.Me, whole, cancellationToken) ?? throw CommandLine.Missing($"message {id}");
        }

        List<Message> found = [];
        for (var query = new InboxQuery { After = 0, Count = InboxQuery.Most }; ;)
        {
            var page = await shell.At<IInbox>().ReadAsync(shell.Me, query, cancellationToken);
            found.AddRange(page.Messages.Where(message => message.Id.Value.StartsWith(id.TrimEnd('…'), StringComparison.Ordinal)));
            query = query with { After = page.Next };
            if (page.IsWhole)
            {
                break;
            }
        }

        return found is [var one] ? one : found.Count == 0 ? throw CommandLine.Missing($"message {Output.Plain(id)}") : throw new SharingException(ProblemCodes.InvalidInput, $"{found.Count} messages begin with {Output.Plain(id)}; say more of it.");
    }

    static string LineOf(Message message) => $"{message.Id.Value[..8]}  {message.From?.Value ?? "the server"}: {message.Resource.Name}{(message.Text ?? message.Because) switch { null => "", var text => $"  {Output.Line(text)}" }}";
}
