using System.Globalization;
using System.Net.Http.Json;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>What actors ask a host with every role for: items of download lists, links to add to them, and whatever else there is.</summary>
sealed class DownloadSubjects : ISubjects
{
    static readonly PersonId Owner = HostUnderTest.IdOf(Actor.Owner), Another = PersonId.Parse("Another");

    readonly TerminalUnderTest _terminal;
    readonly Subjects _others;
    readonly Dictionary<Subject, DownloadItem> _items = [];

    DownloadSubjects(TerminalUnderTest terminal, Subjects others) => (_terminal, _others) = (terminal, others);

    IDownloads Downloads => _terminal.Get<IDownloads>();

    public static async Task<DownloadSubjects> MakeAsync(TerminalUnderTest terminal)
    {
        var subjects = new DownloadSubjects(terminal, await Subjects.MakeAsync(terminal));
        await subjects.CountFromAsync(Owner, 1_000_000);
        await subjects.CountFromAsync(Another, 2_000_000);
        foreach (var state in new[] { Subject.Running, Subject.Finished, Subject.Paused, Subject.Failed, Subject.Cancelled, Subject.OnAnothersList })
        {
            subjects._items[state] = await subjects.MakeAsync(state);
        }

        return subjects;
    }

    /// <inheritdoc/>
    public async Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject)
    {
        if (!route.Pattern.StartsWith("/v1/downloads", StringComparison.Ordinal))
        {
            return await _others.IdAsync(route, actor, subject);
        }

        if (route.Pattern == "/v1/downloads" && subject != Subject.Self)
        {
            var post = subject == Subject.NotExisting ? PostId.New() : _others.PostOf(subject);
            return (post.Value, new Uri(_terminal.Address, $"d/{post}"));
        }

        return subject switch
        {
            Subject.Self => ("", route.Method == "POST" ? _terminal.NewAddress() : null),
            Subject.NotExisting => ("9000000", null),
            Subject.Malformed => ("malformed.", null),
            _ => ((route.Destroys && actor == Actor.Owner ? await MakeAsync(subject) : _items[subject]).Id.ToString(), null),
        };
    }

    /// <inheritdoc/>
    public HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address) => $"{route.Method} {route.Pattern}" switch
    {
        "POST /v1/downloads" => JsonContent.Create(new DownloadRequest { Address = address! }, WireJson.Default.DownloadRequest),
        "POST /v1/downloads/{id}/share" => JsonContent.Create(new ShareOptions { Audience = Audience.Of(PersonId.Parse("nobody")) }, WireJson.Default.ShareOptions),
        _ => _others.BodyOf(route, actor, subject, id, address),
    };

    /// <summary>Whatever number is asked for is then on no other list, and no length or status either.</summary>
    Task CountFromAsync(PersonId person, int number) => _terminal.Get<IRecordStore>().CommitAsync(
        new RecordBatch().Put(RecordKey.Of("download-last", person.Value), number, OfflineJson.Default.Int32, RecordBatch.Absent)).AsTask();

    async Task<DownloadItem> MakeAsync(Subject state)
    {
        var person = state == Subject.OnAnothersList ? Another : Owner;
        var item = await Downloads.AddAsync(person, state switch
        {
            Subject.Finished => _terminal.NewAddress(),
            Subject.Failed => _terminal.NewMissingAddress(),
            _ => _terminal.NewSlowAddress(),
        });
        if (state is Subject.Paused or Subject.Cancelled)
        {
            await Downloads.ChangeAsync(person, item.Id, state == Subject.Paused ? DownloadCommand.Pause : DownloadCommand.Cancel);
        }

        if (state is Subject.Finished or Subject.Failed)
        {
            var expected = state == Subject.Finished ? DownloadState.Finished : DownloadState.Failed;
            await ServerUnderTest.EventuallyAsync(async () => await Downloads.ListAsync(person).AnyAsync(i => i.Id == item.Id && i.State == expected));
        }

        return item;
    }
}
