using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Tests.Child;

namespace Sharing.Tests.Http;

/// <summary>A host that takes uploads, and nothing else.</summary>
public sealed class UploadsUnderTest : HostUnderTest
{
    WebApplication _app = null!;

    public override IServiceProvider Services => _app.Services;

    public override async ValueTask InitializeAsync()
    {
        _app = UploadServer.Build(static _ => { }, services: services => services.Configure<CallerOptions>(caller =>
        {
            var byToken = caller.Person;
            caller.Person = user => byToken(user) is { } token ? People.Where(actor => TokenOf(actor) == token.Value).Select(IdOf).Cast<PersonId?>().FirstOrDefault() : null;
        }));
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First() + "/");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public override Uri NewAddress() => throw new NotSupportedException("There is no origin here.");

    internal override Task<ISubjects> SubjectsAsync() => Task.FromResult<ISubjects>(new UploadSubjects(Get<Core.Uploads>()));

    /// <summary>Uploads of the owner's and of somebody's who is none of the actors, each its own.</summary>
    sealed class UploadSubjects(Core.Uploads uploads) : ISubjects
    {
        public async Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject) => subject switch
        {
            Subject.Held => ((await BeginAsync(IdOf(Actor.Owner))).Value, null),
            Subject.HeldByAnother => ((await BeginAsync(PersonId.Parse("somebody"))).Value, null),
            Subject.NotExisting => (UploadId.New().Value, null),
            Subject.Malformed => ("malformed.", null),
            Subject.Existing when route.Pattern.StartsWith("/v1/", StringComparison.Ordinal) => ("things", null),
            Subject.Existing => ("v1", null),
            _ => ("", null),
        };

        public HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address)
        {
            if (route.Method != "PATCH" || route.Name[0] == '*')
            {
                return null;
            }

            var content = new ByteArrayContent([1, 2, 3]);
            content.Headers.ContentType = new("application/offset+octet-stream");
            return content;
        }

        async Task<UploadId> BeginAsync(PersonId person) => (await uploads.CreateAsync(person, "things", new(10, UploadMetadata.Empty)))!.Id;
    }
}
