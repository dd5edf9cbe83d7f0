using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Testing;
using Sharing.Tests.Fetching;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos.Own;

/// <summary>The chain, the notifier and the thumbnailer of the page about photos: they are what the page says, and do what it says.</summary>
public sealed class OwnPhotoPartsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TeamChain")]
    [InlineData("PhonePush")]
    [InlineData("PreviewService")]
    public void The_page_about_photos_has_exactly_this_code_and_it_is_short(string name)
    {
        var code = File.ReadAllText(Path.Combine(Laws.Repository.Root, $"tests/Sharing.Tests/Photos/Own/{name}.cs")).ReplaceLineEndings("\n").Trim();
        Assert.Contains("```csharp\n" + code + "\n```", File.ReadAllText(Path.Combine(Laws.Repository.Root, "docs/photos.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.True(code.Split('\n').Length < 50);
    }

    [Fact, Trait("Row", "F8"), Trait("Row", "F10"), Trait("Row", "F13")]
    public async Task Photos_are_shown_to_team_mates_told_of_on_phones_with_previews_of_the_service()
    {
        var (pushed, answers, asked) = (new List<string>(), new Queue<int>([503, 200]), new List<int>());
        using var vips = new VipsThumbnailer();
        await using var outside = await LoopbackServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Cancel);
            if (context.Request.Path == "/push")
            {
                pushed.Add(JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("to").GetString()!);
                context.Response.StatusCode = answers.Dequeue();
                return;
            }

            var side = int.Parse(context.Request.Query["side"]!, System.Globalization.CultureInfo.InvariantCulture);
            asked.Add(side);
            var header = await PictureHeaderReader.ReadAsync(body, cancellationToken: Cancel);
            await Results.Bytes((await vips.MakeAsync(body.ToArray(), header, [side], Cancel)).Jpegs[side].ToArray(), "image/jpeg").ExecuteAsync(context);
        });
        var address = new Uri(outside.Address + "/");
        var teams = new Dictionary<PersonId, string> { [Anna] = "blue", [Ben] = "blue", [Carl] = "red" };
        await using var server = await StartAsync(
            sharing =>
            {
                var services = sharing.WithFetching(fetching => fetching.Services.Add(address.Authority)).AddNotifier<PhonePush>().Services;
                services.AddSingleton(new PushService(new(address, "push")));
                services.AddSingleton(new PreviewAddress(new(address, "previews")));
                services.AddSingleton<IThumbnailer, PreviewService>();
                services.AddSingleton<IRelationshipGraph>(new TeamChain(teams));
            },
            static photos => photos.PublicAddress = new("https://photos.example.org/"));
        var photo = await server.UploadAsync(Anna, await File.ReadAllBytesAsync(PictureFiles.Picture("photo.jpg"), Cancel));
        var other = await server.UploadAsync(Anna, await File.ReadAllBytesAsync(PictureFiles.Picture("plain.webp"), Cancel));
        await server.WorkAsync();
        Assert.Equal(PreviewSizes.All.Order(), asked.Order());
        Assert.Equal((PreviewState.Ready, PreviewState.Unavailable), ((await server.Photos.FindAsync(Anna, photo, Cancel))!.Previews, (await server.Photos.FindAsync(Anna, other, Cancel))!.Previews));

        Assert.Equal(ProblemCodes.NotAllowed, (await Assert.ThrowsAsync<SharingException>(() => server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Carl] }, Cancel))).Code);
        var grant = (await server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben] }, Cancel)).Single();
        Assert.True(await server.Host.Get<GrantNotices>().RunOnceAsync(Cancel));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await server.Host.Get<GrantNotices>().RunOnceAsync(Cancel));
        Assert.Equal(["ben", "ben"], pushed);
        Assert.NotNull(await server.Entries.OpenAsync(new(Ben), grant.Id, Cancel));
        teams[Ben] = "red";
        Assert.Null(await server.Entries.OpenAsync(new(Ben), grant.Id, Cancel));
    }
}
