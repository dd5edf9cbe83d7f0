using Sharing.Photos;
using Spectre.Console;

namespace Sharing.Terminal;

/// <summary>Shows how far photos are: a bar where somebody looks; else nothing.</summary>
static class PhotoProgress
{
    public static async Task<T> ShowAsync<T>(Shell shell, Func<IProgress<PhotoUploadProgress>?, Task<T>> work)
    {
        if (shell.Json || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            return await work(null);
        }

        return await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async view =>
            {
                var bar = view.AddTask("…");
                return await work(new Told(now =>
                {
                    bar.Description = Markup.Escape($"{now.Done} of {now.Count}  {Output.Line(Path.GetFileName(now.File))}");
                    bar.MaxValue = Math.Max(1, now.Bytes);
                    bar.Value = now.SentBytes;
                }));
            });
    }

    sealed class Told(Action<PhotoUploadProgress> tell) : IProgress<PhotoUploadProgress>
    {
        public void Report(PhotoUploadProgress value) => tell(value);
    }
}
