namespace Sharing.Server;

/// <summary>As long as there is no administrator, each start logs an address at which somebody becomes it. The newest is good, once.</summary>
sealed partial class FirstAdministrator(MemberBook book, OneTimeLinks links, ILogger<FirstAdministrator> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await book.HasAdministratorAsync(cancellationToken))
        {
            Wanted(logger, (await links.MakeSetupAsync(cancellationToken)).AbsoluteUri);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "There is no administrator. Whoever opens {Address} becomes it; it is good once")]
    static partial void Wanted(ILogger logger, string address);
}
