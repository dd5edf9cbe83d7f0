using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sharing.Offline;
using Sharing.Terminal.Commands;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sharing.Terminal;

/// <summary>Shows how far a download is: a bar where somebody looks, lines where output goes elsewhere, JSON where a program reads.</summary>
abstract class ProgressView
{
    /// <summary>The view for this output.</summary>
    public static ProgressView For(bool json) => json ? new Json() : Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new Lines() : new Bar();

    /// <summary>Passes the items on, showing each.</summary>
    public abstract IAsyncEnumerable<DownloadItem> ShowAsync(IAsyncEnumerable<DownloadItem> items, CancellationToken cancellationToken);

    /// <summary>An item in one line.</summary>
    public static string LineOf(DownloadItem item) => item is { State: DownloadState.Running, Source: { } source }
        ? $"{item.Id}  {item.Resource.Name}  {Output.Done(item)}  {Output.Bytes(item.BytesPerSecond)}/s  from {source}"
        : $"{item.Id}  {item.Resource.Name}  {Output.Done(item)}  {DownloadCommands.StateOf(item)}";

    sealed class Json : ProgressView
    {
        public override async IAsyncEnumerable<DownloadItem> ShowAsync(
            IAsyncEnumerable<DownloadItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in items.WithCancellation(cancellationToken))
            {
                if (item.State == DownloadState.Running)
                {
                    Shell.PrintJson(item); // the end is the command's to print
                }

                yield return item;
            }
        }
    }

    sealed class Lines : ProgressView
    {
        static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

        public override async IAsyncEnumerable<DownloadItem> ShowAsync(
            IAsyncEnumerable<DownloadItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var (tenth, source, since) = (-1L, (string?)null, Stopwatch.GetTimestamp());
            await foreach (var item in items.WithCancellation(cancellationToken))
            {
                var now = item.Resource.Length is > 0 and var all ? item.Done * 10 / all : 0;
                if (item.State == DownloadState.Running && (now != tenth || item.Source != source || Stopwatch.GetElapsedTime(since) > Quiet))
                {
                    (tenth, source, since) = (now, item.Source, Stopwatch.GetTimestamp());
                    Console.Out.WriteLine(Output.Line(LineOf(item)));
                }

                yield return item;
            }
        }
    }

    sealed class Bar : ProgressView
    {
        public override async IAsyncEnumerable<DownloadItem> ShowAsync(
            IAsyncEnumerable<DownloadItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            DownloadItem? newest = null;
            await AnsiConsole.Progress().AutoClear(true)
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                    new ItemColumn(() => newest is null ? "" : Amount(newest)),
                    new ItemColumn(() => newest?.Source is null ? "" : $"{Output.Bytes(newest.BytesPerSecond)}/s"),
                    new ItemColumn(() => newest switch
                    {
                        { Source: { } source } => $"from {Output.Line(source)}",
                        null or { State: DownloadState.Running } => "waiting",
                        _ => "",
                    }))
                .StartAsync(async progress =>
                {
                    var task = progress.AddTask("…");
                    await foreach (var item in items.WithCancellation(cancellationToken))
                    {
                        newest = item;
                        task.Description = Markup.Escape(Short(Output.Line(item.Resource.Name)));
                        task.IsIndeterminate = item.Resource.Length is null;
                        task.MaxValue = Math.Max(1, item.Resource.Length ?? 1);
                        task.Value = item.Resource.Length is null ? 0 : item.Done;
                    }
                });
            if (newest is not null)
            {
                yield return newest;
            }
        }

        static string Amount(DownloadItem item) => item.Resource.Length is { } all ? $"{Output.Bytes(item.Done)} of {Output.Bytes(all)}" : Output.Bytes(item.Done);

        static string Short(string name) => name.Length <= 32 ? name : string.Create(CultureInfo.InvariantCulture, $"{name[..20]}…{name[^11..]}");
    }

    sealed class ItemColumn(Func<string> text) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text());
    }
}
