using System.CommandLine;
using System.Globalization;
using Sharing.Offline;
using Sharing.P2P;

namespace Sharing.Terminal.Commands;

/// <summary><c>get</c>: downloads one item in the foreground.</summary>
static class GetCommand
{
    public static Command Make()
    {
        var what = new Argument<string>("ADDRESS|LINK|NUMBER") { Description = "An address, the link of a post or of a share, or the number of an item" };
        var name = new Option<string?>("--name") { Description = "The name to save it under", HelpName = "NAME" };
        var peers = new Option<bool>("--peers") { Description = "Of a share: show which source gives which chunk" };
        return new Command("get", "Downloads, showing how far it is. Ctrl+C pauses; the same command goes on.") { what, name, peers }.Does(
            async (shell, parse, cancellationToken) =>
            {
                if (ShareLink.TryParse(parse.GetValue(what), out var link))
                {
                    return await ShareView.FetchAsync(shell, link, parse.GetValue(name), parse.GetValue(peers), cancellationToken);
                }

                DownloadItem? item = null;
                var view = ProgressView.For(shell);
                while (true)
                {
                    try
                    {
                        item ??= await FindAsync(shell, parse.GetValue(what)!, parse.GetValue(name), cancellationToken);
                        item = await WatchAsync(shell, item, view, cancellationToken);
                        return End(shell, item);
                    }
                    catch (Exception e) when (e is HttpRequestException or IOException && !shell.IsOwner && item is not null)
                    {
                        await shell.CloseAsync(); // the process that ran it ended: this one goes on
                    }
                    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && item is not null)
                    {
                        return await PauseAsync(shell, item);
                    }
                }
            });
    }

    static async Task<DownloadItem> FindAsync(Shell shell, string what, string? name, CancellationToken cancellationToken)
    {
        var downloads = await shell.RunAsync(cancellationToken);
        if (int.TryParse(what, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var id = DownloadCommands.IdOf(number);
            return await downloads.ChangeAsync(shell.Me, id, DownloadCommand.Resume, cancellationToken) ?? throw CommandLine.Missing($"item {id}");
        }

        var address = DownloadCommands.AddressOf(what);
        var open = await downloads.ListAsync(shell.Me, cancellationToken).FirstOrDefaultAsync(
            item => item.State != DownloadState.Finished && (item.Resource.Address == address || IsLinkOf(address, item)) && (name is null || name == item.Resource.Name),
            cancellationToken);
        return open is not null && await downloads.ChangeAsync(shell.Me, open.Id, DownloadCommand.Resume, cancellationToken) is { } resumed
            ? resumed
            : await downloads.AddAsync(shell.Me, new DownloadRequest { Address = address, Name = name }, cancellationToken);
    }

    static bool IsLinkOf(Uri address, DownloadItem item) =>
        item.From is { } post && address.AbsolutePath.EndsWith($"/d/{post}", StringComparison.Ordinal);

    static async Task<DownloadItem> WatchAsync(Shell shell, DownloadItem item, ProgressView view, CancellationToken cancellationToken)
    {
        var downloads = await shell.RunAsync(cancellationToken);
        if (item.State == DownloadState.Finished)
        {
            return item;
        }

        await foreach (var now in view.ShowAsync(downloads.WatchAsync(shell.Me, item.Id, cancellationToken), cancellationToken))
        {
            item = now;
        }

        return item;
    }

    static int End(Shell shell, DownloadItem item)
    {
        switch (item.State)
        {
            case DownloadState.Finished:
                shell.Print(item, i => shell.Say($"{i.Id}  {i.Resource.Name}, {Output.Bytes(i.Done)}: {i.SavedAs ?? "kept in the data folder"}"));
                return ExitCodes.Ok;
            case DownloadState.Failed:
                return Failed(shell, item, shell.ReasonOf(item));
            case DownloadState.Paused:
                throw new SharingException("paused", $"{item.Resource.Name} was paused from elsewhere. Go on with: sharing get {item.Id}");
            default:
                throw CommandLine.Missing($"item {item.Id} any more");
        }
    }

    static int Failed(Shell shell, DownloadItem item, string? reason)
    {
        var (address, code) = (item.Resource.Address, item.Failure ?? ProblemCodes.Internal);
        var isOutOfBounds = reason is not null && FetchReasons.IsOutOfBounds(reason, address);
        var why = code switch
        {
            ProblemCodes.FetchFailed or ProblemCodes.NoSource when reason is not null && (isOutOfBounds || FetchReasons.Names(reason, address)) => $"{reason}.",
            ProblemCodes.FetchFailed or ProblemCodes.NoSource => $"{address.Host} does not deliver it{(reason is null ? "" : $": {reason}")}.",
            ProblemCodes.OriginChanged => $"{address.Host} changes it all the time.",
            ProblemCodes.NoSpace => "There is no room left on the disk.",
            ProblemCodes.TooLarge => "It is too large.",
            _ => "Something went wrong; with --verbose it says more.",
        };
        var again = $"Try again with: sharing get {item.Id}";
        return CommandLine.Fault(
            shell.Json, code, $"{item.Resource.Name}: {why}", ExitCodes.Of(code),
            isOutOfBounds
                ? $"If that is a host of your own network: sharing setup --allow {address.Host}:{address.Port}\n{again}"
                : again);
    }

    static async Task<int> PauseAsync(Shell shell, DownloadItem item)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var downloads = await shell.RunAsync(patience.Token);
        var paused = await downloads.ChangeAsync(shell.Me, item.Id, DownloadCommand.Pause, patience.Token) ?? item;
        await shell.CloseAsync(); // until what is there is durable
        if (paused.State == DownloadState.Finished)
        {
            return End(shell, paused);
        }

        if (shell.Json)
        {
            downloads = await shell.ListAsync(patience.Token);
            Shell.PrintJson(await downloads.ListAsync(shell.Me, patience.Token).FirstOrDefaultAsync(i => i.Id == item.Id, patience.Token) ?? paused);
        }
        else
        {
            Console.Error.WriteLine($"Paused. Go on with: sharing get {item.Id}");
        }

        return ExitCodes.Interrupted;
    }
}
