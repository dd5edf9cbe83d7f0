namespace Sharing.Terminal;

/// <summary>Examples, shown below a command's help.</summary>
static class Examples
{
    static readonly Dictionary<string, string[]> All = new(StringComparer.Ordinal)
    {
        ["sharing"] =
        [
            "sharing setup --server https://share.example/ --person anna --token -",
            "sharing get https://example.org/film.webm      download it, with progress",
            "sharing share 1 --with followers               share it, finished or not, from another window",
            "sharing feed                                   what friends and people you follow shared",
            "sharing get https://share.example/d/4f0c…      download what somebody shared",
        ],
        ["setup"] =
        [
            "sharing setup --server https://share.example/ --person anna --token -      reads the token from standard input",
            "sharing setup --allow nas.local:8080                                       adds a host of your own network",
            "sharing setup --downloads ~/Films",
            "sharing setup --listen 0.0.0.0:7400 --address 203.0.113.7:7400             gives others what it has, at that address",
        ],
        ["get"] =
        [
            "sharing get https://example.org/film.webm",
            "sharing get https://share.example/d/4f0c… --name film.webm",
            "sharing get 3                                  goes on with item 3",
            "sharing get --peers https://share.example/s/4f0c…#origin=…      a share, from its server and other terminals",
        ],
        ["register"] =
        [
            "sharing register contacts.vcf --region DE      what a phone exports",
        ],
        ["apps"] =
        [
            "sharing apps share org.example.player --from ~/apks      shows it to your friends",
            "sharing apps of ben                            what he shows you",
            "sharing apps device phone.json                 once: for which device",
            "sharing apps get org.example.player --into adb the build that fits it, onto the phone that is attached",
            "sharing apps why org.example.player            why the others do not",
        ],
        ["photos"] =
        [
            "sharing photos upload ~/Alps                   a folder, once, however many friends will see it",
            "sharing photos show 4f0c… --to ben carla@example.org --metadata nolocation",
            "sharing photos sync ~/DCIM --device phone --watch",
            "sharing photos received                        what friends show you",
            "sharing photos get 4f0c… --into ~/Pictures",
        ],
        ["catalog"] = ["sharing catalog", "sharing catalog --kind music jazz", "sharing catalog get 4f0c…                       asks for it; it comes into your inbox"],
        ["inbox"] = ["sharing inbox", "sharing inbox --watch                          goes on, and prints what arrives"],
        ["send"] = ["sharing send song.mp3 --to ben carla", "sharing send https://example.org/film.webm --to ben --text \"Watch this\"", "sharing send --forward 4f0c… --to ben"],
        ["open"] = ["sharing open 4f0c…", "sharing open 4f0c… --browser                   a web page, in this machine's browser"],
        ["handlers"] = ["sharing handlers", "sharing handlers --remove org.example.chart"],
        ["share-folder"] =
        [
            "sharing share-folder ~/Films                   with friends",
            "sharing share-folder ~/Films --with everyone",
            "sharing share-folder --list",
            "sharing share-folder --stop ~/Films            what the server has stays shared",
        ],
        ["seed"] = ["sharing seed", "sharing seed --until-shared                    ends when the server has every file"],
        ["shares"] = ["sharing shares", "sharing shares --json | jq -r '.[].link'"],
        ["peers"] = ["sharing peers https://share.example/s/4f0c…"],
        ["add"] = ["sharing add https://example.org/1.iso https://example.org/2.iso", "sharing run"],
        ["run"] = ["sharing run", "sharing run --until-done"],
        ["list"] = ["sharing list", "sharing list --json | jq '.[] | select(.state == \"running\")'"],
        ["pause"] = ["sharing pause 3"],
        ["resume"] = ["sharing resume 3"],
        ["cancel"] = ["sharing cancel 3"],
        ["share"] =
        [
            "sharing share 1                                with friends",
            "sharing share 1 --with everyone --text \"Watch this\"",
            "sharing share 1 --with bert,carla",
            "sharing share https://example.org/film.webm    without downloading it first",
        ],
        ["posts"] = ["sharing posts"],
        ["responses"] = ["sharing responses https://share.example/d/4f0c…"],
        ["unshare"] = ["sharing unshare https://share.example/d/4f0c…", "sharing unshare https://share.example/s/4f0c…      a share of your space"],
        ["retry"] = ["sharing retry 4f0c… mastodon"],
        ["connect"] = ["sharing connect mastodon --server mastodon.example < token.txt", "sharing connect bluesky --name anna.bsky.social < app-password.txt", "sharing connect fediverse", "sharing connect feed"],
        ["disconnect"] = ["sharing disconnect mastodon"],
        ["feed"] = ["sharing feed", "sharing feed --more", "sharing feed --json | jq -r '.posts[].link'"],
        ["show"] = ["sharing show https://share.example/d/4f0c…"],
        ["comment"] = ["sharing comment https://share.example/d/4f0c… \"Thank you!\""],
        ["reshare"] = ["sharing reshare https://share.example/d/4f0c…"],
        ["follow"] = ["sharing follow anna"],
        ["befriend"] = ["sharing befriend anna                          friends once both said so"],
    };

    public static IReadOnlyList<string>? Of(string command) => All.GetValueOrDefault(command);
}
