using System.Text.Json.Nodes;
using Sharing.Trials.Inbox;

namespace Sharing.Trials;

/// <summary>A message server that is killed (SIGKILL) and started again while thousands follow their inboxes and messages are on their way: none is lost, none comes twice, each sender's are in order, and all
/// are back.</summary>
sealed class InboxTrial : ITrial
{
    public string Name => "inbox";

    public int Count => 20;

    /// <summary>How many follow.</summary>
    public int Subscribers { get; init; } = 2000;

    /// <summary>The assembly of the server.</summary>
    public string Server { get; init; } = Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll");

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var facts = new JsonObject();
        await using var course = new InboxCourse(Server, Subscribers, random, facts);
        try
        {
            return new TrialOutcome(await course.RunAsync(cancellationToken), facts);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(e.ToString(), facts);
        }
    }
}
